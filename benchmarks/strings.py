"""Work on strings: the cases of the table `strings`, with their C++ versions."""
import numpy as np
from cases import Case

TEXT = "the quick brown fox jumps over the lazy dog and runs away from it again " * 1400
NUMBERS = " ".join(str((i * 7919) % 1_000_003 - 500_000) for i in range(20_000))


def vowel_count(text):
    """Characters of a small class."""
    count = 0
    for c in text:
        if c in "aeiou":
            count += 1
    return count


def character_table(text):
    """How often each character occurs."""
    counts = np.zeros(128, np.int64)
    for c in text:
        counts[ord(c)] += 1
    return counts[101]


def word_count(text):
    """Words that begin with a letter."""
    count = 0
    for word in text.split():
        if word.startswith("t"):
            count += 1
    return count


def parse_integers(text):
    """The sum of the numbers of a text."""
    total = 0
    for word in text.split():
        total += int(word)
    return total


def longest_word(text):
    """The longest word."""
    best = ""
    for word in text.split(" "):
        if len(word) > len(best):
            best = word
    return best


def join_numbers(n):
    """Numbers as a text."""
    return ",".join([str(i) for i in range(n)])


def hex_and_back(n):
    """Numbers to texts and back."""
    total = 0
    for i in range(n):
        total += int(hex(i), 16)
    return total


def normalise(text):
    """Whole texts at once."""
    return len(text.upper().replace("THE", "a").strip().title())


WORDS = """
        size_t end = 0;
        auto next = [&](std::string_view& word) {
            size_t begin = text.find_first_not_of(" \\t\\n\\r\\v\\f", end);
            if (begin == text.npos) return false;
            end = std::min(text.find_first_of(" \\t\\n\\r\\v\\f", begin), text.size());
            word = text.substr(begin, end - begin);
            return true;
        };"""

CASES = [
    Case(vowel_count, lambda: (TEXT,), """
        long count = 0;
        for (char c : text) if (std::string_view("aeiou").find(c) != text.npos) count++;
        return count;"""),
    Case(character_table, lambda: (TEXT,), """
        std::array<long, 128> counts{};
        for (unsigned char c : text) counts.at(c)++;
        return counts[101];"""),
    Case(word_count, lambda: (TEXT,), WORDS + """
        long count = 0;
        for (std::string_view word; next(word);) if (word.starts_with("t")) count++;
        return count;"""),
    Case(parse_integers, lambda: (NUMBERS,), WORDS + """
        long total = 0;
        for (std::string_view word; next(word);) {
            long value;
            if (std::from_chars(word.begin(), word.end(), value).ptr != word.end()) throw std::invalid_argument("");
            if (__builtin_add_overflow(total, value, &total)) throw std::overflow_error("");
        }
        return total;"""),
    Case(longest_word, lambda: (TEXT,), """
        std::string_view best;
        for (size_t begin = 0; begin <= text.size();) {
            size_t end = std::min(text.find(' ', begin), text.size());
            if (end - begin > best.size()) best = text.substr(begin, end - begin);
            begin = end + 1;
        }
        return best.size();"""),
    Case(join_numbers, lambda: (20_000,), """
        std::string joined;
        for (long i = 0; i < n; i++) {
            char digits[24];
            if (i) joined += ',';
            joined.append(digits, std::to_chars(digits, digits + 24, i).ptr);
        }
        return joined.size();"""),
    Case(hex_and_back, lambda: (20_000,), """
        long total = 0;
        for (long i = 0; i < n; i++) {
            char digits[24] = "0x";
            std::string text(digits, std::to_chars(digits + 2, digits + 24, i, 16).ptr);
            long value;
            std::from_chars(text.data() + 2, text.data() + text.size(), value, 16);
            total += value;
        }
        return total;"""),
    Case(normalise, lambda: (TEXT,)),
]
