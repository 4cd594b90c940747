"""What the programs of the chapter reasoning compute."""

from program_meanings.common import meaning


@meaning
def multi_hop(t):
    asked = [i for i in range(2, len(t)) if t[i - 2] == "?"]
    facts = {(t[i - 1], t[i]) for i in range(1, len(t), 2) if i not in asked}
    one_or_two = facts | {(a, d) for a, b in facts for c, d in facts if b == c != "?"}
    answers = ["_"] * len(t)
    for i in asked:
        if "?" not in t[i - 1 : i + 1]:
            answers[i] = "T" if (t[i - 1], t[i]) in one_or_two else "F"
    return answers


@meaning
def membership(t):
    facts = set(zip(t[::2], t[1::2], strict=False))
    animals = {"animal"}
    for _ in t:
        animals |= {thing for thing, kind in facts if kind in animals and kind != "rover"}
    return [x in animals for x in t]


@meaning
def pointer_jumping(t):
    def jump(i):
        return t[i] if 0 <= i < len(t) else -1

    return [jump(jump(jump(jump(i)))) for i in range(len(t))]


@meaning
def key_value_recall(t):
    memory: dict[str, str] = {}
    answers = []
    for i, x in enumerate(t):
        if i % 2:
            memory[t[i - 1]] = x
        answers.append("_" if i % 2 else memory.get(x, "?"))
    return answers


@meaning
def recipient(t):
    def answer(before):
        once = [name for name in ("Mary", "John", "Tom") if before.count(name) == 1]
        return once[0] if len(once) == 1 else "?"

    return [answer(t[:i]) if x == "to" else "_" for i, x in enumerate(t)]


@meaning
def pronouns(t):
    last = {"she": "?", "he": "?"}
    answers = []
    for x in t:
        if x in ("Ann", "Mary"):
            last["she"] = x
        elif x in ("John", "Tom"):
            last["he"] = x
        answers.append(last.get(x, x))
    return answers


@meaning
def common_members(t):
    middle = t.index("_") if "_" in t else len(t)
    both = (set(t[:middle]) & set(t[middle:])) - {"_"}
    return [x in both for x in t]
