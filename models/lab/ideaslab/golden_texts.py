"""Made-up texts for the golden files. None comes from a data set."""

from __future__ import annotations

from typing import NamedTuple

_SCRIPTS = {
    "latin": "A tool library for our street: borrow a drill, return a drill.",
    "french": "Une épicerie coopérative où l'on pèse, garçon, naïf, Noël, œuvre.",
    "german": "Größe, Übermut, Straßenbahn und ein ẞ am Ende.",
    "spanish": "¿Mañana? ¡Sí, señor! Un pingüino cruza el jardín.",
    "portuguese": "Coração, ações, três órgãos, pão e avós.",
    "polish": "Zażółć gęślą jaźń, łódź i źrebię.",
    "czech": "Příliš žluťoučký kůň úpěl ďábelské ódy.",
    "turkish": "İstanbul'da ılık bir akşam, şöför ve çığ.",
    "vietnamese": "Thư viện sách miễn phí cho trẻ em ở nông thôn, Việt Nam.",
    "icelandic": "Þetta er ævintýri um ðeyju og ísbjörn.",
    "romanian": "Școala și țara, întâi de toate, mulțumesc.",
    "hungarian": "Árvíztűrő tükörfúrógép.",
    "greek": "Ηλιακοί φούρνοι για κάθε χωριό, με συντήρηση από νέους.",
    "russian": "Ёлка, подъезд и общий двор: соседи чинят велосипеды.",
    "ukrainian": "Їжак, ґанок і щоденний звіт про витрати.",
    "bulgarian": "Щъркел над къщата и ъгълът на улицата.",
    "armenian": "Գյուղական գրադարան երեխաների համար։",
    "georgian": "სოფლის ბიბლიოთეკა ბავშვებისთვის.",
    "hebrew": "ספרייה שכונתית לילדים, פתוחה בערב.",
    "hebrew points": "שָׁלוֹם לְכֻלָּם",
    "arabic": "مكتبة صغيرة لأطفال الحي، مفتوحة كل مساء.",
    "arabic marks": "كِتَابٌ جَدِيدٌ لِلْأَطْفَالِ",
    "persian": "کتابخانهٔ محله برای کودکان، می\u200cخواهیم شروع کنیم.",
    "urdu": "محلے کے بچوں کے لیے ایک چھوٹا کتب خانہ۔",
    "syriac": "ܟܬܒܐ ܕܒܝܬ ܣܦܪܐ",
    "thaana": "ކުޑަކުދިންގެ ލައިބްރަރީ",
    "devanagari": "हमारे गाँव के लिए सौर ऊर्जा की दुकान।",
    "bengali": "আমাদের গ্রামের জন্য একটি পাঠাগার।",
    "gurmukhi": "ਪਿੰਡ ਲਈ ਇੱਕ ਲਾਇਬ੍ਰੇਰੀ।",
    "gujarati": "ગામ માટે એક પુસ્તકાલય.",
    "oriya": "ଗାଁ ପାଇଁ ଏକ ପାଠାଗାର।",
    "tamil": "கிராமத்திற்கு ஒரு நூலகம்.",
    "telugu": "గ్రామానికి ఒక గ్రంథాలయం.",
    "kannada": "ಹಳ್ಳಿಗೆ ಒಂದು ಗ್ರಂಥಾಲಯ.",
    "malayalam": "ഗ്രാമത്തിന് ഒരു വായനശാല.",
    "sinhala": "ගමට පුස්තකාලයක්.",
    "thai": "ห้องสมุดเล็กๆ สำหรับเด็กในหมู่บ้าน",
    "lao": "ຫ້ອງສະໝຸດນ້ອຍສໍາລັບເດັກນ້ອຍ",
    "tibetan": "གྲོང་གསེབ་ཀྱི་དཔེ་མཛོད།",
    "burmese": "ရွာအတွက် စာကြည့်တိုက်",
    "khmer": "បណ្ណាល័យសម្រាប់ភូមិ។",
    "ethiopic": "ለመንደሩ ቤተ መጻሕፍት።",
    "cherokee": "ᎣᏏᏲ ᏣᎳᎩ",
    "canadian": "ᐃᓄᒃᑎᑐᑦ ᐊᑐᐊᒐᖅ",
    "mongolian": "ᠮᠣᠩᠭᠣᠯ ᠪᠢᠴᠢᠭ",
    "chinese": "为社区孩子建一个小图书馆，晚上也开放。",
    "chinese traditional": "為社區孩子建一個小圖書館，晚上也開放。",
    "chinese rare": "𠮷野家的𡃁仔在㐂樂街，﨑和豈。",
    "japanese": "子どものための小さな図書館を、夜も開きます。",
    "japanese half width": "ﾄｼｮｶﾝ ｶﾞ ﾎｼｲ｡ＡＢＣ１２３！",
    "japanese voiced": "が ぱ ヴ か\u3099 は\u309a",
    "korean": "마을 아이들을 위한 작은 도서관입니다.",
    "korean letters": "\u1112\u1161\u11ab\u1100\u116e\u11a8 ㅎㅏㄴ",
    "yi": "ꆈꌠꉙ ꁱꂷ",
    "gothic": "𐌲𐌿𐍄𐌹𐍃𐌺",
    "deseret": "𐐔𐐯𐑅𐐨𐑉𐐯𐐻",
    "cuneiform": "𒀭𒈗 𒂍",
    "hieroglyphs": "𓀀 𓂋 𓏏",
    "mathematical": "𝔸𝕓𝕔 𝐱 = 𝟙𝟚 ∑ ∫ √2 ≈ 1.414 ± 0.001",
    "braille": "⠓⠑⠇⠇⠕",
    "runes": "ᚠᚢᚦᚨᚱᚲ",
    "nko": "ߒߞߏ ߛߓߍ",
    "tifinagh": "ⵜⵉⴼⵉⵏⴰⵖ",
    "coptic": "Ⲁⲃⲅ ⲇⲉ",
    "javanese": "ꦲꦏ꧀ꦱꦫ ꦗꦮ",
}

_SPACES = {
    "nbsp": "10\u00a0000\u00a0euros for\u00a0tools",
    "ideographic space": "社区\u3000图书馆\u3000hello\u3000world",
    "narrow nbsp": "1\u202f000\u202fpièces",
    "thin and hair": "a\u2009b\u200ac\u2002d\u2003e",
    "ogham space": "a\u1680b",
    "medium math": "a\u205fb",
    "next line": "a\u0085b",
    "line separator": "a\u2028b\u2029c",
    "vertical tab": "a\u000bb\u000cc",
    "tabs": "\ta\t\tb\t",
    "line ends": "one\r\ntwo\rthree\nfour\n\n\nfive",
    "only spaces": "     ",
    "only nbsp": "\u00a0\u00a0",
    "zero width space": "a\u200bb",
    "zero width joiner": "a\u200db\u200cc",
    "word joiner": "a\u2060b",
    "byte order mark": "\ufeffstart and \ufeff middle",
    "soft hyphen": "co\u00adop\u00adera\u00adtive",
}

_CONTROLS = {
    "nul": "a\u0000b",
    "bell": "ring\u0007ring",
    "escape": "\u001b[31mred\u001b[0m",
    "delete": "a\u007fb",
    "c1": "a\u0080b\u009fc",
    "replacement": "a\ufffdb \ufffd",
    "rtl override": "abc\u202edef\u202cghi",
    "isolates": "\u2067עברית\u2069 and \u2066latin\u2069",
    "marks": "\u200eleft\u200f right",
    "arabic letter mark": "\u061cنص",
    "private use": "a\ue000b \U000f0000 c",
    "noncharacter": "a\ufdd0b\uffffc",
    "unassigned": "a\u0378b",
    "interlinear": "a\ufff9b\ufffac\ufffb",
    "tags": "flag \U000e0067\U000e007f end",
    "object": "a\ufffcb",
}

_EMOJI = {
    "plain": "Solar ovens 🌞 for every village 🍞!",
    "joined": "👩\u200d🔧 fixes bikes, 👨\u200d👩\u200d👧\u200d👦 ride",
    "skin": "👍🏽 👋🏿",
    "flags": "🇫🇷🇯🇵 🏴\u200d☠️",
    "keycap": "1️⃣ 2️⃣ #️⃣",
    "variation": "☀️ ☀︎ ❤️",
    "glued": "hi🌍there",
    "run": "🚀🚀🚀",
}

_PUNCTUATION = {
    "ascii": "!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~",
    "contractions": "don't can't we'll it's o'clock rock'n'roll",
    "quotes": "“curly” ‘single’ «guillemets» „low“ ‹x›",
    "dashes": "a-b a–b a—b a―b a−b a‐b a‑b",
    "ellipsis": "wait… what… no...",
    "money": "€1,000.50 £20 ¥3000 ₹45 $5 ₿0.1 ¢9",
    "numbers": "3.14159 1,000,000 1e-9 0x1F ½ ² ³ ① Ⅳ 50% 10°C 5' 6\"",
    "hyphens": "state-of-the-art e-mail co-op",
    "slash": "and/or he/she 24/7 a\\b",
    "address": "write to hello@example.org or #ideas @team",
    "file": "C:\\temp\\file.txt /usr/bin/env ~/.config",
    "code": "if (x != y) { return x_1 && y->z; }",
    "arrows": "→ ← ↑ ↓ ⇒ ✓ ✗ ★ ● ■ □ ▶ ♥ ♪",
    "cjk marks": "「引用」、『書名』。（括弧）【注】〜！？",
    "full width": "ｆｕｌｌ　ｗｉｄｔｈ　ＴＥＸＴ：１２３",
    "arabic marks": "؟ ، ؛ ٪ ١٢٣ ۱۲۳",
    "devanagari digits": "१२३ । ॥",
    "tibetan marks": "༄༅། །",
    "spanish": "¡hola! ¿qué?",
    "currency words": "USD 5k, 10k EUR, ADA 1.5M",
    "brackets": "[a] (b) {c} <d> ⟨e⟩ ⟦f⟧",
    "many": "?!?!?! ...... ------ ======",
    "underscores": "snake_case __dunder__ _x_",
    "special names": "[CLS] [SEP] [PAD] [UNK] [MASK] [unused1] ##ing ## #",
    "lower special": "[cls] [sep] [ mask ]",
}

_ACCENTS = {
    "composed": "café résumé naïve Ångström",
    "decomposed": "cafe\u0301 re\u0301sume\u0301 nai\u0308ve A\u030angstro\u0308m",
    "stacked": "z\u0351\u036b\u0343a\u0363\u0369lgo",
    "lone mark": "\u0301a \u0301",
    "ligatures": "ﬁne ﬂow ﬀ ﬃ ĳ ǆ œ æ",
    "dotted": "İ i̇ I ı",
    "sigma": "ΌΔΟΣ όδος Σ ς σ",
    "sharp": "STRASSE straße ẞ",
    "titlecase": "ǅ ǈ ǋ",
    "kelvin": "K Å Ω are signs",
    "superscript": "x² mc² H₂O ™ © ® ℠ № ª º",
    "upper": "ALL CAPS WITH ÀCCÉNTS ÑOÑO",
    "cherokee case": "Ꭰ ꭰ Ᏸ",
    "georgian case": "Ა ა",
    "deseret case": "𐐀 𐐨",
    "norwegian": "Ærø Ødegård Ålesund",
    "polish stroke": "Łukasz łódka đak ħal",
}

_LENGTHS = {
    "empty": "",
    "one": "a",
    "one space": " ",
    "one mark": ".",
    "long word": "a" * 100,
    "too long word": "a" * 101,
    "very long word": "x" * 10_000,
    "very long chinese": "图" * 10_000,
    "very long accents": "é" * 10_000,
    "long by marks": "e\u0301" * 100,
    "long after stripping": "e\u0301" * 101,
    "long emoji": "🌍" * 300,
    "long digits": "1234567890" * 12,
    "words": "every village bakes bread with the sun " * 60,
    "hyphen chain": "-".join(["very"] * 50),
    "unknown word": "qqqqzzzzxxxxjjjj",
    "pieces": "unbelievability counterrevolutionaries antidisestablishmentarianism",
    "glued words": "thequickbrownfoxjumpsoverthelazydog",
}

_IDEAS = (
    "We lend sewing machines to new parents and teach repair on Saturdays.",
    "An open map of drinking fountains, checked every month by schools.",
    "Low-cost air sensors on buses; data published daily under CC0.",
    "A travelling cinema for villages without a screen.",
    "Compost from canteens, delivered by cargo bike to school gardens.",
    "Peer tutoring in mathematics, with a stipend for the tutors.",
    "Seed bank of 40 local bean varieties, kept by 12 families.",
    "An app that reads bus timetables aloud to blind passengers.",
    "Insulation workshops: 8 homes per month, measured before and after.",
    "A choir for people who were told that they cannot sing.",
    "Rainwater tanks for three clinics, with spare parts for five years.",
    "Our team built 2 prototypes in 2024 and tested them with 31 users.",
    "Milestone 1: design (4 weeks). Milestone 2: pilot (10 weeks). Milestone 3: report.",
    "Budget: 4,500 for wood, 1,200 for tools, 800 for insurance.",
    "I'm a nurse; Ana is an electrician; we've worked together since 2019.",
    "Blockchain-based NFT DAO metaverse tokenomics staking dApp",
    "Why? Because nobody else does it!!! TRUST US!!!",
    "lorem ipsum dolor sit amet consectetur adipiscing elit",
    "Success means: 200 members by June, 60% of them still active in December.",
    "See appendix A (p. 12) & table 3; cf. section 2.1.",
)


def tokenizer_texts() -> list[str]:
    """Return the texts of golden.jsonl: every table above, and mixtures of neighbours."""
    tables = (_SCRIPTS, _SPACES, _CONTROLS, _EMOJI, _PUNCTUATION, _ACCENTS, _LENGTHS)
    texts = [text for table in tables for text in table.values()]
    texts += _IDEAS
    short = [text for table in tables for text in table.values() if 0 < len(text) < 80]
    texts += [f"{a}{b}" for a, b in zip(short[::3], short[5::3], strict=False)]
    return texts


_CLEAN_EXTRA = (
    "plain text stays as it is",
    "  two  spaces   and ends  ",
    "line one\nline two\r\nline three",
    "<p>Hello <b>world</b></p>",
    "<script>alert(1)</script>after",
    "a < b and c > d",
    "5 < 6",
    "<" + "x" * 200 + ">kept short",
    "<" + "x" * 201 + ">stays long",
    "Fish &amp; chips &lt;3 &quot;yum&quot; &#39;ok&#39;",
    "&copy; 2026 &euro;5 &nbsp;end &eacute;t&eacute;",
    "&amp;amp; is unescaped once",
    "&notanentity; &ampersand &amp &lt",
    "&#x1F600; &#128512; &#x41; &#65",
    "&#0; &#1; &#31; &#127; &#128; &#129; &#159; &#xD800; &#x110000; &#999999999999;",
    "&#; &#x; & && &;",
    "&lt;b&gt;not a tag any more&lt;/b&gt;",
    "[our site](https://example.org) and [docs](docs/readme.md)",
    "![a picture](pic.png) then text",
    "[broken](with space) [empty]() [](x)",
    "[nested [inner](a) outer](b)",
    "see https://example.org/a?b=c#d, then http://example.com.",
    "HTTPS://EXAMPLE.ORG stays, www.example.org goes",
    "(https://example.org/x) after",
    "no space:https://example.org中文也去掉 后面",
    "# Title\n## Second\ntext",
    "> quoted\n>> twice\nplain",
    "- item one\n- item two\n  - inner",
    "-5 degrees\n--- \nrule",
    "mid # hash > greater - dash",
    "*one* **two** ***three*** 2*3",
    "_one_ __two__ ___three___ snake_case a__b",
    "`code` ```block``` ``x``",
    "tab\there\u000bvertical\u000cfeed",
    "nul\u0000bell\u0007escape\u001b[0m",
    "soft\u00adhyphen zero\u200bwidth bom\ufeff",
    "می\u200cخواهیم 👩\u200d🔧 keep joiners",
    "\u202eright to left\u202c \u2067isolate\u2069",
    "nbsp\u00a0here ideographic\u3000space thin\u2009one",
    "next\u0085line sep\u2028arator para\u2029graph",
    "cafe\u0301 becomes one letter",
    "\u1112\u1161\u11ab composed",
    "① ﬁ ² stay as they are",
    "\u212b and \u2126 are replaced by NFC",
    "emoji 🌍 stays",
    "",
    " \t\n ",
    "<br/>&nbsp;<br>",
    "*",
    "tags\U000e0067removed",
    "control\u0081here",
    "a &lt;- b -&gt; c",
    "**Bold** [link](x) &amp; <i>it</i> `c` https://e.org end",
)


def clean_texts() -> list[str]:
    """Return the raw texts of golden_clean.jsonl."""
    tables = (_SPACES, _CONTROLS, _EMOJI)
    return [*_CLEAN_EXTRA, *(text for table in tables for text in table.values())]


class Draft(NamedTuple):
    """A made-up idea in the words of `globalbrain score`."""

    title: str
    problem: str
    solution: str
    team: str


_DRAFTS = (
    Draft(
        "Repair café on wheels",
        "Small towns have no place to mend broken appliances, so working parts end in landfill.",
        "A van with tools and two mechanics visits twelve towns a month; every repair is logged and published.",
        "Two electricians with ten years in workshops and a logistics planner who ran a mobile library.",
    ),
    Draft(
        "Open curriculum for smart contract testing",
        "New developers ship contracts without tests because teaching material stops at syntax.",
        "Twelve free lessons with exercises, an automatic grader and monthly office hours; all sources are public.",
        "Three engineers who maintain testing libraries and have taught four cohorts of forty students.",
    ),
    Draft("Moon token", "People want to be rich.", "We make a token. It goes up. Trust us!!!", ""),
    Draft("", "", "", ""),
    Draft("Only a title", "", "", ""),
    Draft(
        "<b>Library</b> of things &amp; tools",
        "Everyone buys a drill &lt;and&gt; uses it for ten minutes.\n- waste\n- cost",
        "Borrow from [our catalogue](https://example.org/catalogue) or visit https://example.org today.",
        "**Ana** (carpenter), __Bo__ (librarian), `Chi` (web).",
    ),
    Draft(
        "Solar bakery 🌞",
        "Cafés in the valley pay 40\u00a0% of income for fuel;\u3000firewood is scarce.",
        "Four concentrating ovens, a training of six weeks and a shared maintenance fund.",
        "Zoë, José and Łukasz built the prototype in 2024.",
    ),
    Draft(
        "Water tests by students",
        "Villages along the river do not know whether the water is safe. " * 12,
        "Schools take a sample each week, a laboratory checks one in ten and a map shows the result. " * 12,
        "A chemist, a teacher and a data engineer from the regional university. " * 12,
    ),
    Draft(
        "Long word",
        "x" * 10_000,
        "A very long word must not end the program, and the other fields keep their share of tokens.",
        "One tester.",
    ),
    Draft("社区图书馆", "孩子们放学后没有地方读书。", "把空置的商铺改成晚上开放的小图书馆。", "三位退休教师。"),
    Draft("Bibliothèque de quartier", "Les enfants n'ont pas de lieu calme.", "Ouvrir le soir une salle vide.", "Trois bénévoles."),
    Draft(
        "Accessible wallet for blind users",
        "Screen readers cannot read the confirmation page of most wallets, so blind people give others their keys.",
        "Audit five wallets with ten blind testers, publish the faults and send fixes upstream with tests.",
        "An accessibility auditor, a front-end engineer and the regional association of the blind.",
    ),
    Draft(
        "Grain silo sensors",
        "Farmers lose a tenth of the harvest to damp they notice too late.",
        "A sensor for 15 dollars warns by text message; plans, firmware and the measured losses are published each quarter.",
        "An agronomist and two firmware engineers with a pilot of 30 silos behind them.",
    ),
    Draft(
        "Hackathon",
        "There are not enough hackathons and people do not know each other and it is difficult to build things together.",
        "We will organise a great hackathon with great people and great prizes and it will bring adoption and community.",
        "A passionate team with a lot of experience in many different things.",
    ),
    Draft("[CLS] [SEP] forged", "[SEP] [SEP] [PAD]", "Text that spells special tokens is only text. [MASK]", "##ing"),
    Draft(
        "Legal clinic for tenants",
        "Tenants lose deposits because a lawyer costs more than the deposit.",
        "Law students answer letters under supervision; templates in five languages; results reported by quarter.",
        "A law faculty, a tenants' union and an editor. 300 cases answered in the pilot year.",
    ),
)


def drafts() -> list[Draft]:
    """Return the ideas of golden_scores.jsonl."""
    return list(_DRAFTS)
