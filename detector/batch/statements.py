"""The SQL of a run: which records are kept, under which ids, and what is held against what.

Bare queries that run unchanged on DuckDB and on Spark; each engine keeps their results in its own
way, under the names that the others read: ``records``, ``kept``, ``found_terms``, ``kept_terms``,
``terms``, ``frequencies``, ``candidates``, ``earlier``. What an archive adds is read from ``seen``,
``earlier_terms`` and ``archived``, which are empty where there is none.
"""

from __future__ import annotations

from detector.archive.schema import BEFORE

# The first record of an article is kept; where two articles came with one id, the later one's is
# lengthened by the beginning of its digest. Where another came with just that id, or the beginnings
# are alike, it is lengthened by all of the digest, as is whatever looks as if it were already: so
# no name is given twice.
KEPT = """
with firsts as (
  select r.digest, min(r.article) as article
  from records r
  left join seen s on s.digest = r.digest
  where r.reason is null and s.digest is null
  group by r.digest
),
numbered as (
  select f.article, f.digest, r.id, r.time,
    row_number() over (partition by r.id order by f.article) as namesake
  from firsts f
  join records r on r.article = f.article
),
named as (
  select n.article, n.digest, n.id, n.time,
    case when length(n.id) > 32 and substr(n.id, length(n.id) - 32, 1) = '~' then null
      when n.namesake = 1 and s.name is null then n.id
      else concat(n.id, '~', substr(n.digest, 1, 8)) end as name
  from numbered n
  left join seen s on s.name = n.id
),
told_apart as (
  select n.article, n.digest, n.id, n.time, n.name,
    row_number() over (partition by n.name order by n.article) as namesake
  from named n
)
select t.article, t.digest, t.time,
  case when t.name is not null and t.namesake = 1 and s.name is null then t.name
    else concat(t.id, '~', t.digest) end as name
from told_apart t
left join seen s on s.name = t.name
"""
REJECTIONS = """
select r.input, r.position,
  case when r.reason is not null then r.reason
    when s.digest is null then 'duplicate_record'
    when s.name is null then 'forgotten'
    else 'known' end as reason,
  case when r.reason is not null then r.detail
    when s.digest is null then concat('the same as ', k.name)
    when s.name is null then 'was taken down'
    else concat('the same as ', s.name, ' in the archive') end as detail,
  r.id
from records r
left join kept k on k.digest = r.digest
left join seen s on s.digest = r.digest
where r.reason is not null or s.digest is not null or k.article <> r.article
order by r.article
"""
KEPT_TERMS = """
select t.article, t.term, t.weight, t.published, t.page
from found_terms t
join kept k on k.article = t.article
"""
ALL_TERMS = """
select article, term, weight, published, page from kept_terms
union all
select article, term, weight, published, page from earlier_terms
"""
# Of the terms that suspects can ask for; to count all of the archive's would take its size.
FREQUENCIES = """
select term, count(*) as articles
from terms
where term in (select term from kept_terms)
group by term
"""
# Candidates that stand in the archive; each engine adds their `place`.
EARLIER = f"""
select c.source, a.id as name
from (select distinct source from candidates where source < 0) c
join archived a on a.article = c.source + {BEFORE}
"""  # noqa: S608 - a constant
# Candidates of the archive are called by their place: -1 is the first.
SUSPECTS = """
select k.article, k.name, coalesce(-1 - e.place, c.source) as source,
  coalesce(s.name, e.name) as source_name, c.place
from kept k
left join candidates c on c.suspect = k.article
left join kept s on s.article = c.source
left join earlier e on e.source = c.source
order by k.article, c.place
"""
