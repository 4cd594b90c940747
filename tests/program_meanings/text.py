"""What the programs of the chapter text compute."""

from itertools import groupby

from program_meanings.common import everywhere, meaning, padded


def words(t):
    """The words, and between them the separators, each a list of tokens."""
    return [(letters, list(group)) for letters, group in groupby(t, lambda x: x != "_")]


def by_word(function, at_separator, t):
    """The function of its word at every letter."""
    answers = []
    for letters, group in words(t):
        answers += [function(group) if letters else at_separator] * len(group)
    return answers


@meaning
def palindrome_words(t):
    return by_word(lambda word: "T" if word == word[::-1] else "F", "_", t)


@meaning
def anagram(t):
    first, _, second = "".join(t).partition("_")
    return everywhere(sorted(first) == sorted(second.replace("_", "")), t)


@meaning
def replace(t):
    return list("".join(t).replace("ab", "xy"))


@meaning
def capitals(t):
    return [x.upper() for x in t]


@meaning
def capitalised_words(t):
    return list("_".join(word.capitalize() for word in "".join(t).split("_")))


@meaning
def count_words(t):
    return everywhere(len("".join(t).replace("_", " ").split()), t)


@meaning
def word_lengths(t):
    return by_word(len, 0, t)


@meaning
def longest_word(t):
    return everywhere(max(map(len, "".join(t).split("_"))), t)


@meaning
def acronym(t):
    return padded([group[0] for letters, group in words(t) if letters], t)


@meaning
def vowels_in_word(t):
    return by_word(lambda word: word.count("a") + word.count("e"), 0, t)


SPAM = {"free", "win", "money"}


@meaning
def spam_words(t):
    return ["spam" if x in SPAM else "ham" for x in t]


@meaning
def spam_message(t):
    return everywhere(2 * len([x for x in t if x in SPAM]) > len(t), t)


@meaning
def censor(t):
    return list("".join(t).replace("bad", "***"))


@meaning
def inside_quotes(t):
    parts = "".join(t).split("'")
    answers = []
    for number, part in enumerate(parts):
        answers += [number % 2 == 1] * len(part) + [False]
    return answers[:-1]


@meaning
def strip_comments(t):
    text = "".join(t)
    return list(text.partition("#")[0].ljust(len(text)))
