"""The lines that pages, agencies and language models leave around an article.

Each pattern must match a whole paragraph. Generic openings ("share", "related", "by") are bound to
few words, to a colon or to names, so that a sentence that begins so is never taken.
"""

from __future__ import annotations

import re

from detector.language import detect, is_foreign, may_be_foreign

# Longer paragraphs are never boilerplate, but for captions that end in a credit.
_LONGEST_LINE = 300
_LONGEST_CAPTION = 700
# A repeated paragraph of fewer words may be meant ("No comment.").
_SHORTEST_REPEAT = 8
# A headline in a list of links has no closing punctuation and at most this many words.
_LONGEST_HEADLINE = 16

_AGENCY = r"(?:AP|AFP|Reuters|REUTERS|Getty(?: Images)?|EPA|UPI|PA|Bloomberg|Shutterstock|iStock)"

# Case does not matter in these.
_LINES = (
    # advertisements and the seams that they leave
    r"(?:advertisements?:?\s?)+(?:continue reading.{0,40}|thanks for watching.{0,40})?",
    r"(?:story|article) continue[sd]? below.{0,40}|continue reading.{0,60}|skip advertisement",
    r"sponsored(?: content| by .{1,40})?:?|scroll (?:down )?(?:to|for) .{1,40}",
    # comment forms
    r"leave a (?:reply|comment)(?: (?:below|here|to|on|cancel)\b.{0,60})?\W?|cancel reply",
    r"comments are closed.{0,20}",
    r"(?:(?:\d+|no|add|post|view|show|hide|read|join|see) )?(?:(?:all|a|your|the) )?"
    r"(?:\d+ )?comments?(?: \(?\d+\)?| so far)?:?",
    r"your e-?mail address will not be published.{0,80}|required fields are marked.{0,10}",
    r"(?:name|e-?mail|website|comment) ?\*|save my name, e-?mail.{0,120}|notify me of .{0,80}",
    r"(?:you must|please) (?:be logged in|log ?in|sign in|register)\b.{0,80}",
    r"(?:create an account|want to join\?|you are commenting as).{0,120}",
    # sharing, following, subscribing
    r"send (?:this )?to (?:a friend|someone)\b.{0,60}|your (?:friend's )?e-?mail(?: address)?|send",
    r"(?:read or share|share or read) this story:.{0,100}",
    r"\W{0,3}follow(?: @\w+)+\W{0,2}|@\w+|see more of .{1,60} on facebook",
    r"\W{0,3}(?:follow|like|join|find)\b.{0,100}\b(?:on|at) (?:twitter|facebook|instagram|linkedin|"
    r"google news|youtube|flipboard|telegram)\b.{0,60}|(?:like us on|join us on) \S+",
    r"(?:send (?:your )?tips to|got a (?:news )?tip|have a (?:news )?tip)\b.{0,120}",
    r".{0,60}\b(?:can be (?:reached|contacted)|e-?mail (?:him|her|them)) (?:at|by|on) .{0,100}",
    r"\W{0,3}(?:sign up|subscribe|register)\b.{0,160}\b(?:newsletters?|inbox|alerts?|e-?mails?|"
    r"podcasts?|channel|for free|here)\b.{0,80}",
    r"get .{1,120}\b(?:in|to) your inbox\b.{0,160}|.{0,60}delivered to your inbox\b.{0,80}",
    r"by (?:signing up|subscribing|clicking),? (?:.{1,40} )?you agree\b.{0,160}",
    r"(?:want|like what you'?re? read).{1,60}(?:inbox|newsletter).{0,80}|manage newsletters?",
    # links to other pages
    r"\(?\s?(?:related|read more|see more|full coverage|also see|see also|read also|also read|"
    r"read next|more on this|in case you missed it|you (?:may|might) (?:also )?like|don't miss|"
    r"(?:also|earlier|more) (?:on|from) [\w.' ]{2,25}|up next|recommended|"
    r"related (?:stories|articles|content|coverage|links?|topics?|videos?|news|posts?|story|"
    r"article))[^:.\w]{0,4}:.{1,160}",
    r"(?:read|see|click|watch) (?:here|more|(?:it |the )?full (?:story|article|text|report|"
    r"interview))(?: (?:about|from|at|on|here|in)\b.{0,100})?\W{0,4}",
    r"click (?:here|for more|to (?:read|watch|see|view|subscribe|expand|enlarge|play))\b.{0,120}",
    r"for (?:more|the latest)\b.{0,100}\b(?:click|visit|go to|follow|subscribe|sign up)\b.{0,80}",
    r"watch the latest video\b.{0,60}|watch .{1,80} click here\W?|(?:https?://|www\.)\S+",
    r"this article tagged under:.{0,100}|(?:tags?|topics?|filed under|categories):.{0,160}",
    # pictures and players
    r"(?:enlarge (?:this )?image|(?:toggle|hide|show) caption|view photos?)\b.{0,280}",
    r"(?:image|media) (?:copyright|caption|source)\b.{0,250}|media playback is .{0,60}",
    r"(?:file |stock )?(?:photos?|photographs?|images?|pictures?|illustrations?|video) "
    r"(?:by|courtesy(?: of)?|credits?:?|via) .{1,100}",
    r"(?:(?:photo|image|picture|video) )?(?:credits?|source|caption): .{1,160}",
    r"(?:prev|next|previous)(?: image)?(?: \d+ of \d+)?|(?:image |photo )?\d+ of \d+",
    r"slide ?show ?\(\d+ (?:images|photos|pictures)\)|\d+ photos?|watch queue.{0,80}",
    r"just watched\b.{0,280}|(?:play|watch|replay)(?: (?:video|audio))?",
    r"listen to (?:this )?article\b.{0,80}",
    r"(?:close|photos?|videos?|audio|images?|gallery|slide ?show|pictures?|captions?|youtube)\W?",
    r"\[(?:pull ?quote|image|audio|video|photo|caption|embed|gallery)[^\]]{0,120}\]",
    r"<!.{0,4}|.{0,2}//.?>",
    # agencies, newsrooms, notes
    r"\W{0,4}(?:this|the) (?:article|story|report|post|transcript|piece) (?:is based in part on|is "
    r"more than|was (?:originally |first |last )?(?:published|updated|produced|corrected)|has been "
    r"(?:updated|corrected|amended)|(?:first |originally )?appeared)\b.{0,160}",
    r"\W{0,4}.{1,160}\bcontributed (?:reporting )?(?:to|for) this (?:report|story|article|post|"
    r"piece|dispatch)\b.{0,40}|contributing: .{1,200}",
    r"\W{0,4}[^.!?\"]{0,60}\bnews ?(?:room|desk)\b[\s,:+()/\d-]{6,40}",
    r"(?:\*+ ?)?(?:editor'?s'?|author's) note(?::.{0,280})?|(?:correction|clarification):.{0,280}",
    r"(?:the )?(?:views|opinions) expressed (?:by (?:columnists|contributors|commentators|guest|"
    r"the author)|here|in this|on this|are (?:those|his|her|their|the author))\b.{0,250}",
    r"analysis/opinion:?|story highlights\b.{0,280}",
    r"this is a rush transcript\b.{0,100}|special (?:for|to) (?:the )?[\w ]{2,30}",
    # rights, cookies, errors
    r"\W{0,3}(?:©|\(c\)|copyright ?(?:©|\(c\)|\d{4}|by\b|:))\W?.{0,250}",
    r".{0,160}\ball rights reserved\b.{0,200}",
    r".{0,80}\bmay not be (?:published|reproduced|redistributed)\b.{0,160}",
    r"(?:this (?:web)?site|we) uses? cookies\b.{0,200}|accept (?:all )?cookies|privacy policy",
    r"(?:please )?enable javascript\b.{0,120}|you are using an older browser\b.{0,160}",
    # what language models say before and after
    r"please (?:paraphrase|rewrite|provide|rephrase)\b.{0,160}|(?:paraphrase|rewrite|rephrase) the "
    r"(?:given )?(?:'?passage'?|text|article)\b.{0,160}",
    r"let me know if (?:you|there|this|i)\b.{0,160}",
    r"i hope (?:this|that|it) (?:helps|works|meets|version|rewrite)\b.{0,160}",
    r"(?:i have|i've|i) (?:paraphrased|rewritten|rewrote|rephrased|revised) (?:the|your|this) "
    r"(?:passage|text|article|sentence)\b.{0,200}",
    r"note: (?:(?:i|i've|i have) (?:paraphrased|rewritten|rewrote|rephrased|changed|kept|replaced|"
    r"used|made|tried|maintained|removed|added)|the (?:rewritten|revised|paraphrased) )\b.{0,250}",
)  # fmt: skip
_LINE = re.compile("|".join(f"(?:{line})" for line in _LINES), re.IGNORECASE)

# In these it does.
_CASED_LINES = (
    r"\(? ?(?:SEE ALSO|ALSO SEE|READ|READ MORE|WATCH|VIDEOS?|PHOTOS?|PICTURES|GALLERY|STORY|MORE|"
    r"RELATED|LISTEN|SLIDESHOW|CARTOONS?|POLL|GRAPHIC|INTERACTIVE|MAP|QUIZ|PODCAST|Photos?|Videos?|"
    r"Watch|Read|Gallery|Slideshow|Listen|Graphic|Interactive)(?: [A-Z]+)?: .{1,160}",
    r"\( ?[^()]{0,40}\b(?:PHOTOS?|VIDEO|CARTOONS|POLITICO(?:'s)?|H/T|SOUNDBITE|[Pp]hoto|[Ii]mage|"
    r"[Ii]llustration|Getty|Pixabay|Dreamstime|Shutterstock|Unsplash)\b[^()]{0,120}\)",
    r"[—-] ?(?:[A-Z][\w.'-]+ ){1,3}[A-Z][\w.'-]+",
    r"USA ?TODAY|Contents|Tweet",
)  # fmt: skip
_CASED_LINE = re.compile("|".join(f"(?:{line})" for line in _CASED_LINES))

# A credit at the very end; no paragraph of prose ends in one.
_CREDIT = re.compile(
    rf"\([^()]{{0,60}}\b(?:{_AGENCY}(?: (?:[Pp]hotos?|Images|[Ff]ile|Pool))?[/,:][^()]{{1,60}}"
    rf"|{_AGENCY} (?:[Pp]hotos?|Images|Wire)|Getty Images|AFP|[Pp]hoto:? ?[^()]{{0,60}})\)\.?$"
    rf"|[\w.'-] ?/ ?{_AGENCY}(?: (?:Wire|Pool|Photos?))?\)?$"
    r"|\| [^|]{0,60}\b(?:AP|REUTERS|Reuters|Getty|POLITICO|AFP)\b[^|]{0,80}$"
    r"|\bREUTERS/(?:[A-Z][\w.'-]+ ?){1,4}$|(?:[^.]|via|by|/) ?Getty Images$|\bAP Photos?$"
)
_LONGEST_CREDIT = 160
_STOPS = (".", "?", "!", '"')

_BYLINE = re.compile(
    r"\W{0,3}(?:(?:additional |writing |contributing )?reporting|compiled|editing|edited|writing|"
    r"written|translated|graphics|story|words|analysis)? ?by:? (.{2,200}?)\)*\.?",
    re.IGNORECASE,
)
_NAME_WORD = re.compile(r"[^\W\d_][\w.'@-]*")
_BETWEEN_NAMES_TEXT = """
and in by with additional reporting editing writing for of de del la van von der the to staff writer
reporter bureau newsroom correspondent editor political national senior business translated edited
graphics press news
"""
# The words in small letters that a byline may have between its names.
_BETWEEN_NAMES = frozenset(_BETWEEN_NAMES_TEXT.split())

_DATING_TEXT = """
january february march april june july august september october november december jan feb mar apr
jun jul aug sep sept oct nov dec monday tuesday wednesday thursday friday saturday sunday mon tue
tues wed thu thur thurs fri sat sun ago updated update posted published
"""
_STAMP_TEXT = """
may am pm a p m et est edt gmt bst utc pt pst pdt ist cet at on of st nd rd th last first modified
created filed date time minute minutes hour hours day days week weeks month months year years min
mins read noon midnight an
"""
# A date or time of publication holds one of the first, and of nothing else but these and numbers.
_DATING = frozenset(_DATING_TEXT.split())
_STAMP_WORDS = _DATING | frozenset(_STAMP_TEXT.split())
_TIME = re.compile(r"\d{1,2}:\d\d|\d{1,4}[/.]\d{1,2}[/.]\d{2,4}")

_SHARING_TEXT = """
share shares tweet facebook twitter whatsapp linkedin pinterest reddit email print
"""
_SHARE_TEXT = """
shared this on via to article story page post pin it e mail save like likes x tumblr telegram
flipboard messenger instagram youtube rss copy link url more with friends friend your google plus
stumbleupon digg follow us views comments comment bookmark download pdf send sms k sharing options
icon button buttons
"""
# A row of share buttons likewise.
_SHARING = frozenset(_SHARING_TEXT.split())
_SHARE_WORDS = _SHARING | frozenset(_SHARE_TEXT.split())
# Neither has more words, nor a character that belongs to figures.
_LONGEST_ROW = 120
_FIGURES = re.compile(r"[%$£€=]")

_LIST_LABEL = re.compile(
    r"\W{0,3}(?:related(?: (?:stories|articles|content|coverage|links?|topics?|videos?|news|"
    r"posts?))?(?: (?:from|on|in) [\w. ]{2,30})?|read more|see also|also see|also read|read also|"
    r"read next|more on this(?: story)?|full coverage|most (?:read|popular|viewed|shared)|"
    r"recommended(?: (?:stories|reading|for you))?|trending(?: now)?|top stories|up next|"
    r"you (?:may|might) (?:also )?(?:like|be interested in)|further reading|what to read next|"
    r"more (?:stories|news|coverage|headlines)(?: (?:from|on|in) [\w. ]{2,30})?|"
    r"editors?'?s? picks?|more from [\w. ]{2,30}|in this (?:story|article)|don't miss|"
    r"must[- ]reads?|latest(?: news| stories)?|online)[\W_]{0,4}",
    re.IGNORECASE,
)
_PLAIN_WORDS = re.compile(r"[a-z]+|\d+", re.IGNORECASE)
_STOPPED = re.compile(r"[.!?:;,\"')\]]$")


def without_boilerplate(paragraphs: list[str]) -> list[str]:
    """Drop the paragraphs that are boilerplate, and the headlines under a label of links."""
    kept: list[str] = []
    under_label = False
    for paragraph in paragraphs:
        if _LIST_LABEL.fullmatch(paragraph):
            under_label = True
        elif not is_boilerplate(paragraph) and not (under_label and _is_headline(paragraph)):
            under_label = False
            kept.append(paragraph)
    return kept


def is_boilerplate(paragraph: str) -> bool:
    """Say whether a paragraph of cleaned characters is no part of what the author wrote."""
    if len(paragraph) > _LONGEST_LINE:
        return len(paragraph) <= _LONGEST_CAPTION and _has_credit(paragraph)
    return (
        _is_row(paragraph)
        or _LINE.fullmatch(paragraph) is not None
        or _CASED_LINE.fullmatch(paragraph) is not None
        or _has_credit(paragraph)
        or _is_byline(paragraph)
    )


def _has_credit(paragraph: str) -> bool:
    """Say whether the paragraph ends in a picture credit; a sentence's full stop rules it out."""
    if paragraph.endswith(_STOPS) and not paragraph.endswith(").") and "|" not in paragraph:
        return False
    return _CREDIT.search(paragraph, max(0, len(paragraph) - _LONGEST_CREDIT)) is not None


def _is_row(paragraph: str) -> bool:
    """Say whether there is nothing but marks, a date and time, or share buttons."""
    if not any(map(str.isalnum, paragraph)):
        return True
    if len(paragraph) > _LONGEST_ROW or _FIGURES.search(paragraph):
        return False
    words = {word.lower() for word in _PLAIN_WORDS.findall(paragraph)}
    names = {word for word in words if not word.isdigit()}
    if len(words) > len(names) and names <= _STAMP_WORDS:
        return bool(names & _DATING) or _TIME.search(paragraph) is not None
    return names <= _SHARE_WORDS and bool(names & _SHARING)


def _is_byline(paragraph: str) -> bool:
    """Say whether the paragraph is "by" and names only, without a sentence's verbs."""
    match = _BYLINE.fullmatch(paragraph)
    if not match:
        return False
    names = [name for name in _NAME_WORD.findall(match[1]) if name not in _BETWEEN_NAMES]
    return len(names) >= 2 and all(name[0].isupper() or "@" in name for name in names)


def _is_headline(paragraph: str) -> bool:
    return len(paragraph.split()) <= _LONGEST_HEADLINE and not _STOPPED.search(paragraph)


_WORK = r"(?:version|text|article|passage|sentence|paragraph|review|essay|story|poem|abstract|news)"
_PREAMBLE = re.compile(
    r"(?:(?:sure|certainly|of course|okay|ok|absolutely|great|i'(?:d|ll) be happy to(?: help)?)\b"
    r"[^\n:]{0,40}?[!,.:]? ?)?"
    r"(?:here(?:'s| is| are)|below is|this is|the following is|i(?: have|'ve)?|my|a concise)\b"
    r"(?=[^\n:.!?]{0,200}?(?:paraphras|re-?writ|rewrote|reword|rephras|word choices|human-like|"
    rf"version of (?:the|your|this) {_WORK}|"
    rf"(?:enhanced|revised|polished|refined|improved|edited)(?: version\b| {_WORK}\b)))"
    r"[^\n:.!?]{1,220}(?:: ?|[.!]?\Z)"
    r"|(?:re-?written|rewrite|paraphrased?|revised|rephrased|enhanced|refined|polished)"
    rf"(?: {_WORK})?: ?|your re-?write: ?|(?:article|passage|text): ?(?=\S)",
    re.IGNORECASE,
)
_TITLE_LABEL = re.compile(r"(?:title|headline): ?", re.IGNORECASE)


def without_preamble(paragraphs: list[str]) -> list[str]:
    """Drop what a language model says before the text it was asked for, and a title so labelled."""
    while paragraphs:
        first, *others = paragraphs
        if _TITLE_LABEL.match(first) and others and _is_headline(first):
            paragraphs = others
        elif match := _PREAMBLE.match(first) or _TITLE_LABEL.match(first):
            rest = first[match.end() :].strip()
            paragraphs = [rest, *others] if rest else others
        else:
            break
    return paragraphs


def without_foreign(paragraphs: list[str]) -> list[str]:
    """Drop paragraphs in another language where most of the text is English.

    Measurements and words of English are no measure of them, and one line of it moved the score of
    a short text by .14 (decision 0092).
    """
    suspected = list(filter(may_be_foreign, paragraphs))
    # A text in another language is rejected as a whole; the model would be asked in vain.
    if not suspected or 2 * sum(map(len, suspected)) > sum(map(len, paragraphs)):
        return paragraphs
    foreign = set(filter(is_foreign, suspected))
    kept = [paragraph for paragraph in paragraphs if paragraph not in foreign]
    return kept if detect("\n\n".join(kept)) == "en" else paragraphs


def without_title(paragraphs: list[str], title: str) -> list[str]:
    """Drop the title where the text begins with it."""
    while paragraphs and _repeats(paragraphs[0], title):
        paragraphs = paragraphs[1:]
    return paragraphs


def _repeats(paragraph: str, title: str) -> bool:
    """Say whether a paragraph is the title, give or take the name of the site."""
    words = _PLAIN_WORDS.findall(paragraph.lower())
    named = _PLAIN_WORDS.findall(title.lower())
    shorter = min(len(words), len(named))
    if not shorter or abs(len(words) - len(named)) > 4:
        return False
    return words == named or (shorter >= 4 and words[:shorter] == named[:shorter])


def without_repeats(paragraphs: list[str]) -> list[str]:
    """Drop long paragraphs that stood before: galleries and pull quotes repeat them."""
    seen: set[str] = set()
    kept = []
    for paragraph in paragraphs:
        if paragraph not in seen or len(paragraph.split()) < _SHORTEST_REPEAT:
            kept.append(paragraph)
        seen.add(paragraph)
    return kept
