"""What kind of word a word is, as far as a list or an ending tells: the classes that style counts.

The lists are our own. A word has any number of traits, looked up once a word and kept as bits.
"""

from __future__ import annotations

from enum import IntFlag, auto
from functools import lru_cache

from detector.lexicon import lexicon


class Trait(IntFlag):
    """One bit a class of words."""

    FUNCTION = auto()
    NUMBER = auto()
    CONTRACTION = auto()
    POSSESSIVE = auto()
    FIRST_PERSON = auto()
    SECOND_PERSON = auto()
    THIRD_PERSON = auto()
    ARTICLE = auto()
    OF = auto()
    MODAL = auto()
    BE = auto()
    PARTICIPLE = auto()
    NOMINAL = auto()
    ADVERB = auto()
    CONNECTIVE = auto()
    HEDGE = auto()
    MACHINE = auto()
    SAID = auto()
    REPORTING = auto()
    BRITISH = auto()
    AMERICAN = auto()
    UNKNOWN = auto()


def _words(text: str) -> frozenset[str]:
    """Split a list of words."""
    return frozenset(text.split())


# Join a sentence to the one before; machines put them first in it.
CONNECTIVES = _words(
    "moreover additionally furthermore consequently therefore thus hence nevertheless nonetheless "
    "however meanwhile similarly likewise conversely accordingly subsequently ultimately overall "
    "notably importantly indeed besides instead otherwise specifically firstly secondly thirdly "
    "finally lastly"
)
# The same of two words.
CONNECTIVE_PAIRS = frozenset(
    {("in", "addition"), ("as", "well"), ("for", "example"), ("for", "instance"), ("in", "fact")}
    | {("in", "conclusion"), ("in", "contrast"), ("in", "summary"), ("as", "such")}
    | {
        ("in", "short"),
        ("in", "turn"),
        ("in", "particular"),
        ("at", "last"),
        ("in", "essence"),
        ("that", "said"),
    }
)
HEDGES = _words(
    "perhaps maybe possibly probably apparently seemingly reportedly allegedly presumably likely "
    "unlikely seem seems seemed appear appears appeared suggest suggests suggested might may could "
    "potentially arguably somewhat roughly approximately nearly largely generally usually typically"
)
# Words that language models and spinners set where news writers have a plainer one: our own
# choice, by what each group stands for (in brackets). Counted, not judged: the model weighs them.
MACHINE_WORDS = _words(
    # Ornament of language models (show, matter, important, mix, field).
    "delve delves delving tapestry testament underscore underscores underscored underscoring "
    "showcase showcases showcased showcasing pivotal intricate intricacies multifaceted nuanced "
    "landscape realm myriad plethora beacon vibrant bustling profound profoundly resonate "
    "resonates foster fosters fostered fostering bolster bolstered bolstering garner garnered "
    "garnering leverage leveraging navigate navigating embark embarked spearheaded groundbreaking "
    "transformative unwavering poised noteworthy crucial paramount holistic seamless seamlessly "
    # What they tack on (showing, stressing, meaning).
    "highlighting emphasizing emphasising reflecting signaling signalling prompting sparking "
    "solidifying marking amid amidst amongst whilst "
    # Their stiff verbs (use, start, help, get, try, say, stop).
    "utilize utilizes utilized utilizing utilise utilised utilising commence commenced commences "
    "commencing facilitate facilitates facilitated facilitating endeavor endeavors endeavored "
    "endeavour endeavoured ascertain elucidate expedite necessitate necessitates necessitated "
    "encompass encompasses encompassing entail entails "
    # Thesaurus fillers of spinners (people, many, about, also, very, now, big).
    "individuals numerous concerning regarding likewise exceedingly presently immense colossal "
    "gigantic abundance pertaining aforementioned thereby therein wherein "
)
FIRST_PERSON = _words(
    "i me my mine myself we us our ours ourselves i'm i've i'd i'll we're we've we'd we'll"
)
SECOND_PERSON = _words("you your yours yourself yourselves you're you've you'd you'll")
THIRD_PERSON = _words(
    "he him his himself she her hers herself they them their theirs themselves he's he'd he'll "
    "she's she'd she'll they're they've they'd they'll"
)
MODALS = _words("can could will would shall should may might must ought cannot")
BE = _words("am is are was were be been being")
SAID = _words("said says say saying")
REPORTING = SAID | _words(
    "stated states declared declares noted notes remarked asserted asserts claimed claims "
    "explained explains announced expressed mentioned commented conveyed indicated affirmed "
    "proclaimed articulated emphasized emphasised stressed highlighted told tells added adds "
    "argued argues warned insisted acknowledged admitted replied observed opined voiced"
)
_CONTRACTED = ("n't", "'re", "'ve", "'ll", "'d", "'m")
_S_CONTRACTIONS = _words(
    "it's that's he's she's there's here's what's who's where's how's let's when's why's"
)
_NOMINAL = (
    "tion",
    "tions",
    "sion",
    "sions",
    "ment",
    "ments",
    "ness",
    "ity",
    "ities",
    "ance",
    "ence",
)
# Words on -ly that are no adverbs of manner.
_NO_ADVERBS = _words(
    "family only early daily weekly monthly yearly july italy reply supply apply ally rally bully "
    "belly jelly fly ugly holy likely unlikely friendly elderly lonely assembly anomaly monopoly "
    "rely comply imply multiply"
)
# Shorter words on these endings are roots ("city", "nation" is let pass).
_SHORTEST_DERIVED = 6

_LISTS = (
    (Trait.CONNECTIVE, CONNECTIVES),
    (Trait.HEDGE, HEDGES),
    (Trait.MACHINE, MACHINE_WORDS),
    (Trait.FIRST_PERSON, FIRST_PERSON),
    (Trait.SECOND_PERSON, SECOND_PERSON),
    (Trait.THIRD_PERSON, THIRD_PERSON),
    (Trait.ARTICLE, frozenset({"the", "a", "an"})),
    (Trait.OF, frozenset({"of"})),
    (Trait.MODAL, MODALS),
    (Trait.BE, BE),
    (Trait.SAID, SAID),
    (Trait.REPORTING, REPORTING),
)


@lru_cache(maxsize=1 << 16)
def traits(word: str) -> int:
    """Give the bits of all classes that a word (lower case) belongs to."""
    found = Trait(0)
    for trait, words in _LISTS:
        if word in words:
            found |= trait
    return int(found | _by_form(word) | _by_lexicon(word))


def _by_form(word: str) -> Trait:
    """Classes that apostrophes, digits and endings tell."""
    if not word[0].isalpha():
        return Trait.NUMBER if word[0].isdigit() else Trait(0)
    if "'" in word:
        contracted = word.endswith(_CONTRACTED) or word in _S_CONTRACTIONS
        if contracted:
            return Trait.CONTRACTION
        return Trait.POSSESSIVE if word.endswith("'s") else Trait(0)
    if len(word) < _SHORTEST_DERIVED or word in _NO_ADVERBS:
        return Trait.ADVERB if word.endswith("ly") and word not in _NO_ADVERBS else Trait(0)
    return (Trait.ADVERB if word.endswith("ly") else Trait(0)) | (
        Trait.NOMINAL if word.endswith(_NOMINAL) else Trait(0)
    )


def _by_lexicon(word: str) -> Trait:
    """Classes that the word lists tell."""
    lists = lexicon()
    if word in lists.stop_words:
        return Trait.FUNCTION
    found = Trait(0)
    if word.isalpha() and not lists.document_frequency(word):
        found |= Trait.UNKNOWN
    if _is_participle(word):
        found |= Trait.PARTICIPLE
    american = lists.spelling_key(word)
    if american != word:
        found |= Trait.BRITISH if _is_rarer(word, american) else Trait(0)
    elif word in lists.british_spellings:
        found |= Trait.AMERICAN if _is_rarer(lists.british_spellings[word], word) else Trait(0)
    return found


def _is_participle(word: str) -> bool:
    """Tell whether a word may be a past participle: an inflected verb on -ed, -en, -n or -t."""
    lists = lexicon()
    base = lists.lemma(word)
    return base != word and base in lists.wordnet["verb"] and word.endswith(("d", "n", "t", "wn"))


# The background is American, so a spelling that is not clearly rarer there than the other one
# ("dialogue", "theatre" in names) tells nothing of who wrote it.
_TELLING_RATIO = 4


def _is_rarer(british: str, american: str) -> bool:
    """Tell whether a British spelling is clearly the rarer one in America."""
    frequency = lexicon().document_frequency
    return frequency(american) > _TELLING_RATIO * frequency(british)
