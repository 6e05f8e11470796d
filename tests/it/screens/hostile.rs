//! Texts that a stranger may choose to do harm, or that are merely hard to draw.

/// More than a hundred of them.
pub fn corpus() -> Vec<String> {
    let mut all: Vec<String> = FIXED.iter().map(|text| (*text).to_owned()).collect();
    // Every control character of both sets, between letters.
    all.extend((0..0x20).chain(0x7f..0xa0).filter_map(char::from_u32).map(|c| format!("A{c}B")));
    all.extend(["漢", "🧑", "e\u{301}", "x", "-", "🇩🇪", "ﷺ"].map(|piece| piece.repeat(150)));
    all.push(format!("a{}", "\u{0316}".repeat(100)));
    all.push("\u{301}".repeat(40));
    all.push("tag\u{E0041}\u{E0042}\u{E007F}".to_owned());
    all.push(format!("{}\nsecond\nthird", "long line ".repeat(80)));
    all.push("\n".repeat(100));
    all.push(" ".repeat(500));
    all
}

const FIXED: &[&str] = &[
    "",
    "\x1b[31mred\x1b[0m",
    "\x1b[2J\x1b[H",
    "\x1b]0;title\x07",
    "\x1b]52;c;cm0gLXJmIC8=\x07",
    "\x1b]8;;http://x.example\x1b\\link\x1b]8;;\x1b\\",
    "\x1bP+q544e\x1b\\",
    "\x1b[?1049h",
    "\x1b[6n",
    "\x1bc",
    "trailing escape\x1b",
    "\u{9b}31mC1",
    "\u{9d}0;C1 title\u{9c}",
    "\u{90}q\u{9c}",
    "user\u{202e}gpj.exe",
    "\u{2066}isolate\u{2069}",
    "\u{202a}\u{202b}\u{202c}\u{202d}",
    "\u{200e}\u{200f}\u{061c}",
    "zero\u{200b}width\u{200c}\u{200d}joiners",
    "\u{feff}bom",
    "soft\u{ad}hyphen",
    "\u{2060}\u{2061}\u{2062}",
    "\u{3164}filler",
    "\u{115f}\u{1160}",
    "line\u{2028}para\u{2029}end",
    "\u{fff9}a\u{fffa}b\u{fffb}",
    "\u{fe0f}alone",
    "❤\u{fe0f}",
    "👩‍👩‍👧‍👦",
    "🏴\u{E0067}\u{E0062}\u{E0065}\u{E006E}\u{E0067}\u{E007F}",
    "🇩𰟵P",
    "🇩🇪🇫🇷🇯",
    "1️⃣2️⃣3️⃣",
    "漢字かな交じり文",
    "ｆｕｌｌｗｉｄｔｈ",
    "한국어 조합형",
    "שלום עולם",
    "مرحبا بالعالم",
    "لا إله",
    "नमस्ते दुनिया",
    "ภาษาไทย",
    "Z̸̢̛͖a̷l̶g̵o",
    "a\r\nb\rc",
    "tab\tand\ttab",
    "back\x08\x08\x08space",
    "bell\x07",
    "null\0byte",
    "delete\x7f",
    "<script>alert(1)</script>",
    "=cmd|'/c calc'!A0",
    "$(rm -rf /)",
    "`id`",
    "%s%n%x",
    "{{7*7}}",
    "../../etc/passwd",
    "\\x1b[31m",
    "{\"json\": \"\\u001b[2J\"}",
    "┌─┐│└┘",
    "█▓▒░▁▂▃",
    "⟨U+202E⟩",
    "…",
    "a b",
    "  leading",
    "trailing  ",
    "\u{a0}no\u{a0}break",
    "\u{2800}braille blank",
    "\u{f8ff}private",
    "\u{10fffd}",
    "𝕳𝖊𝖑𝖑𝖔",
    "ﬁ ﬂ ﬀ",
    "İıſK",
    "раypal.com",
    "xn--80ak6aa92e.com",
    "CryptoCurrency:EC2/BitcoinTool.B!DNS",
];
