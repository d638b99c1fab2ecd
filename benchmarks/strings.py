"""Work on strings: each case is a plain function with its arguments, run by coachwhip, CPython and Numba."""
import numpy as np

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


CASES = [
    (vowel_count, (TEXT,)), (character_table, (TEXT,)), (word_count, (TEXT,)), (parse_integers, (NUMBERS,)), (longest_word, (TEXT,)),
    (join_numbers, (20_000,)), (hex_and_back, (20_000,)), (normalise, (TEXT,)),
]
