"""Reads and rewrites `.cases` files.

`== TITLE` begins a case and `-- NAME` a part of it; a part is every line up to the
next of either. Empty lines before `==` and at the end of the file are there for the
eye: they belong to no part. Whatever stands above the first case is a comment.
"""


class Part:
    def __init__(self, name, line):
        self.name, self.line, self.lines = name, line, []

    @property
    def text(self):
        return "".join(line + "\n" for line in self.lines)


class Case:
    def __init__(self, title, line):
        self.title, self.line, self.parts = title, line, []

    def part(self, name):
        for part in self.parts:
            if part.name == name:
                return part
        return None

    def has(self, name):
        return self.part(name) is not None


def read(path):
    """(comment lines, cases) of a file."""
    comment, cases = [], []
    with open(path, encoding="utf-8", newline="") as f:
        lines = f.read().split("\n")
    for number, line in enumerate(lines, 1):
        if line.startswith("== "):
            cases.append(Case(line[3:].strip(), number))
        elif line.startswith("-- ") and cases:
            cases[-1].parts.append(Part(line[3:].strip(), number))
        elif cases and cases[-1].parts:
            cases[-1].parts[-1].lines.append(line)
        else:
            comment.append(line)
    for case in cases:
        while case.parts and case.parts[-1].lines and not case.parts[-1].lines[-1]:
            case.parts[-1].lines.pop()
    while comment and not comment[-1]:
        comment.pop()
    return comment, cases


def fits(text):
    """Whether a text can stand in a part, and be read again as it was."""
    return not any(line.startswith(("-- ", "== ")) for line in text.split("\n"))


def write(path, comment, cases):
    blocks = ["\n".join(comment) + "\n"] if comment else []
    for case in cases:
        lines = ["== " + case.title]
        for part in case.parts:
            lines.append("-- " + part.name)
            lines += part.lines
        blocks.append("\n".join(lines) + "\n")
    with open(path, "w", encoding="utf-8", newline="") as f:
        f.write("\n".join(blocks))
