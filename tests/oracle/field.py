"""One field of a document, out of YAML as kustomize prints it.

That YAML is regular: block style, a key a line, two columns a level, lists in the
column of their key. So a path can be followed by indentation alone, and what a
scalar says is one of five ways of writing it.
"""
import re

KEY = re.compile(r"""("(?:\\.|[^"\\])*"|'(?:''|[^'])*'|[^\s"'][^:]*(?::\S[^:]*)*):(?: |$)""")


def find(output, document, path):
    """The text at PATH in DOCUMENT (Kind/name), or None when it is not there.

    PATH is names and positions with dots between, `[key=value]` for the item of a
    list, and `\\.` for a dot within a name. A scalar is what it says, without its
    quotes; a map or a list is its YAML, moved to the left margin.
    """
    for text in re.split(r"(?m)^---\n", output):
        block = Block(text.rstrip("\n").split("\n"), 0)
        if is_document(block, document):
            return follow(block, path)
    return None


def is_document(block, document):
    kind, _, name = document.partition("/")
    return follow(block, "kind") == kind and follow(block, "metadata.name") == name


def follow(block, path):
    for step in steps_of(path):
        block = block.step(step)
        if block is None:
            return None
    return block.text()


def steps_of(path):
    """`a.b[k=v].c\\.d` to `a`, `b`, (`k`, `v`), `c.d`."""
    steps = []
    for word in re.findall(r"\[[^\]]*\]|(?:\\.|[^.\[\\])+", path):
        if word.startswith("["):
            steps.append(tuple(word[1:-1].split("=", 1)))
        else:
            steps.append(re.sub(r"\\(.)", r"\1", word))
    return steps


class Block:
    """Lines that hold one value, which begins in a column of the first of them."""

    def __init__(self, lines, column, parent=-2):
        self.lines, self.column, self.parent = lines, column, parent
        # What stands before the value on its first line ("- ", "key: ") is not its own.
        self.lines[0:1] = [" " * column + lines[0][column:]] if lines else []

    def step(self, step):
        if isinstance(step, tuple):
            key, value = step
            for item in self.items():
                if follow(item, key.replace(".", "\\.")) == value:
                    return item
            return None
        if step.isdigit() and self.is_list():
            items = self.items()
            return items[int(step)] if int(step) < len(items) else None
        return self.value(step)

    def is_list(self):
        return bool(self.lines) and self.lines[0][self.column:self.column + 2] in ("- ", "-")

    def parts(self, begins):
        """Runs of lines, each from a line in our column that BEGINS to the next."""
        starts = [i for i, line in enumerate(self.lines)
                  if indent(line) == self.column and begins(line[self.column:])]
        return [self.lines[a:b] for a, b in zip(starts, starts[1:] + [len(self.lines)])]

    def items(self):
        if not self.is_list():
            return []
        return [Block(list(part), self.column + 2, self.column)
                for part in self.parts(lambda text: text.startswith("- "))]

    def value(self, name):
        for part in self.parts(lambda text: not text.startswith("- ")):
            match = KEY.match(part[0][self.column:])
            if not match or scalar([match.group(1)]) != name:
                continue
            if match.end() < len(part[0]) - self.column:
                return Block(list(part), self.column + match.end(), self.column)
            return Block(list(part[1:]), indent(part[1]), self.column)
        return None

    def text(self):
        first = self.lines[0][self.column:]
        if self.is_list() or KEY.match(first):
            return "\n".join(line[self.column:] for line in self.lines)
        return scalar([first] + self.lines[1:], self.parent + 2)


def indent(line):
    return len(line) - len(line.lstrip(" ")) if line.strip() else -1


def scalar(lines, depth=0):
    """What a scalar says; DEPTH is where the lines of a block begin."""
    first = lines[0]
    if first[:1] in ("|", ">"):
        return block_scalar(first, lines[1:], depth)
    if first[:1] == "'":
        return fold(lines)[1:-1].replace("''", "'")
    if first[:1] == '"':
        return unescape(fold(lines)[1:-1])
    return fold(lines)


def fold(lines):
    """Lines of a flow scalar to one: a line break is a space, an empty line a break."""
    text = lines[0].rstrip(" ") if len(lines) > 1 else lines[0]
    empty = 0
    for i, line in enumerate(lines[1:], 1):
        last = i == len(lines) - 1
        line = line.lstrip(" ") if last else line.strip(" ")
        if not line and not last:
            empty += 1
            continue
        if text.endswith("\\") and (len(text) - len(text.rstrip("\\"))) % 2:
            text = text[:-1] + line
        else:
            text += ("\n" * empty or " ") + line
        empty = 0
    return text


def block_scalar(head, lines, depth):
    body = [line[depth:] for line in lines]
    text = "\n".join(body) if head.startswith("|") else folded(body)
    if "+" in head:
        return text + "\n"
    return text.rstrip("\n") + ("" if "-" in head else "\n")


def folded(body):
    text = ""
    for before, line in zip([None] + body, body):
        joins = before and line and not before.startswith((" ", "\t")) \
            and not line.startswith((" ", "\t"))
        text += line if before is None else (" " if joins else "\n") + line
    return text


ESCAPES = {"0": "\0", "a": "\a", "b": "\b", "t": "\t", "n": "\n", "v": "\v", "f": "\f",
           "r": "\r", "e": "\x1b", "N": "\x85", "_": "\xa0", "L": "\u2028", "P": "\u2029"}


def unescape(text):
    def one(match):
        code = match.group(1)
        if code[0] in "xuU":
            return chr(int(code[1:], 16))
        return ESCAPES.get(code, code)
    return re.sub(r"\\(x[0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8}|.)", one, text)
