"""The harness: splits -> predictions -> figures -> plots."""
