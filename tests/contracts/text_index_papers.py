"""Made-up papers for word indexes, and what is found of them by which text."""

import random
from typing import Any

from broadsheet.model.paper import Paper
from broadsheet.model.record import Author, Link

CODE = (Link("code", "https://example.org/code"),)


def paper(number: int, title: str, abstract: str = "", *, authors: str = "", **told: Any) -> Paper:
    """Give a made-up paper; ``authors`` are separated by semicolons."""
    named = tuple(Author(name.strip()) for name in authors.split(";") if name.strip())
    fields = {"published": "2024-01-02", "sources": ("test",), "stamp": number * 7 + 1} | told
    return Paper(id=number, slug=str(number), title=title, abstract=abstract, authors=named, **fields)


PAPERS = [
    paper(
        1, "Attention Is All a Kettle Needs", "Kettles are recurrent. We propose self-attention instead.",
        authors="Ann Lee; Bo Chen", organisations=("Kettle Lab",), venue="TeaConf", categories=("cs.CL", "cs.LG"),
        published="2017-06-12", links=CODE, upvotes=90, keywords=("steam",),
    ),
    paper(
        2, "Pre-training of Deep Teapots", "Masked words are poured. Attention helps; kettles do not.",
        authors="Chen Lee", organisations=("Pot University", "Kettle Lab"), venue="Annual Meeting of Pots",
        categories=("cs.CL",), sources=("arxiv", "acl"), published="2018-10-11", upvotes=80,
    ),
    paper(
        3, "Graph Attention Networks for Teapots", "We present networks on graphs, and networks of networks.",
        authors="Paul Erdős; Alfréd Rényi", categories=("stat.ML",), published="2017-10", links=(Link("data", "d"),),
    ),
    paper(4, "To Be or Not to Be: A Study of Verbs", "The verbs that hold sentences together.", published="1999"),
    paper(5, "深度学习方法综述", "本文介绍机器学习和深度神经网络。", published="2020-02-03"),
    paper(6, "日本語の形態素解析", "ディープラーニングによる解析。", published="2020-02-04"),
    paper(7, "한국어 감성 분석", "한국어 문장을 분석한다.", published="2020-02-05"),
    paper(8, "GPT-4 Writes C++", "The model GPT-4 writes C++ and C# code; GPT-3 did not.", published="2023-03-15"),
    paper(9, "Undated Notes", r"On $\beta$-nets by Poincar\'e, naïvely.", published="", withdrawn=True),
    paper(10, "The Network of the Graph", "Of a graph and its network: graphs, networked.", published="2021"),
]  # fmt: skip

# Text, and the papers that match in whatever order.
MATCHES: dict[str, set[int]] = {
    # words
    "kettle": {1, 2},
    "KETTLES": {1, 2},
    "verb": {4},
    "quokka": set(),
    "steam": {1},
    "-kettle": {3, 4, 5, 6, 7, 8, 9, 10},
    "attention -kettle": {3},
    "attention -kettle -graph": set(),
    "attention NOT graph": {1, 2},
    "-attention -(deep OR graph) -cat:cs.CL": {4, 5, 6, 7, 8, 9},
    "verbs OR kettle": {1, 2, 4},
    "verbs OR -kettle": {3, 4, 5, 6, 7, 8, 9, 10},
    "verbs | quokka": {4},
    "(attention graph) OR verbs": {3, 4},
    "attention (deep OR graph)": {2, 3},
    # exactly these words
    '"graph attention networks"': {3},
    '"networks attention graph"': set(),
    '"attention network"': set(),
    '"kettles"': {1, 2},
    '"the network of the graph"': {10},
    '"ann lee"': {1},
    '"lee bo"': set(),
    '"kettle lab"': {1, 2},
    '"university kettle"': set(),
    '-"kettle lab" attention': {3},
    # fields
    "title:kettle": {1},
    "title:kettles": {1},
    "abstract:kettle": {1, 2},
    "abstract:attention": {1, 2},
    "author:lee": {1, 2},
    "author:chen": {1, 2},
    'author:"bo chen"': {1},
    'author:"Chen, Bo"': {1},
    'author:"chen bo"': set(),
    "author:(lee OR erdos)": {1, 2, 3},
    "author:Erdős": {3},
    "author:renyi": {3},
    "author:kettle": set(),
    "org:kettle": {1, 2},
    "org:university": {2},
    "venue:pots": {2},
    'venue:"annual meeting"': {2},
    "title:(graph network)": {3, 10},
    "-author:lee attention": {3},
    # filters
    "cat:cs.CL": {1, 2},
    "cat:CS.cl": {1, 2},
    "cat:cs": {1, 2},
    "cat:stat": {3},
    "cat:cs.CL OR cat:stat.ML": {1, 2, 3},
    "source:acl": {2},
    "source:test -cat:cs": {3, 4, 5, 6, 7, 8, 9, 10},
    "has:code": {1},
    "has:data": {3},
    "has:abstract -attention -graph": {4, 5, 6, 7, 8, 9},
    "has:code OR has:data": {1, 3},
    # days
    "date:2017": {1, 3},
    "year:2017": {1, 3},
    "date:2017-06": {1},
    "date:2017-06-12": {1},
    "date:2017-06-13": set(),
    "date:2017-07..2018": {2, 3},
    "date:2021..": {8, 10},
    "date:..1999": {4},
    "date:2020-02-04..2020-02-05": {6, 7},
    "-date:2000.. -date:..1999": {9},
    "attention date:2018": {2},
    # beginnings
    "kett*": {1, 2},
    "netw*": {3, 10},
    "univ*": {2},
    "lee*": {1, 2},
    "stea*": {1},
    "title:netw*": {3, 10},
    "author:erd*": {3},
    "-kett* attention": {3},
    "teap": {2, 3},
    "author:vel": set(),
    "title:teap": {2, 3},
    "abstract:kett": {1, 2},
    # accents, TeX, punctuation
    "erdos": {3},
    "ERDŐS": {3},
    "naively": {9},
    "poincare": {9},
    "Poincaré": {9},
    "β": {9},
    "self-attention": {1},
    "selfattention": {1},
    "GPT-4": {8},
    "C++": {8},
    "C#": {8},
    # scripts without spaces
    "深度": {5},
    "机器学习": {5},
    "学": {5},
    "度": {5},
    "形態素": {6},
    "解析": {6},
    "ラーニング": {6},
    "분석": {7},
    "한국어": {7},
    '"机器学习"': {5},
    '"学习机器"': set(),
    "深度 -机器": set(),
}  # fmt: skip

# Text, and the papers that must come first, in order.
FIRST: dict[str, list[int]] = {
    "graph attention network": [3],
    "deep graph": [10, 3],
    "to be or not to be": [4],
    "attention is all a kettle needs": [1],
    "the of": [10],
    '"attention" kettle': [1, 2],
    "深度学习方法": [5],
    "network graph quokka": [10, 3],
    "title:graph network": [10, 3],
}


def many(count: int = 300) -> list[Paper]:
    """Give papers that differ in all that can be filtered, counted and sorted by."""
    chance = random.Random(2)
    made = []
    for number in range(1, count + 1):
        words = chance.choices(["napkin", "kettle", "teapot", "spoon"], weights=[8, 4, 2, 1], k=chance.randint(1, 9))
        some = chance.randint(0, 3)
        made.append(
            paper(
                number,
                f"On {words[0]}",
                " ".join(words),
                published=f"{chance.randint(2015, 2024)}-{chance.randint(1, 12):02}-{chance.randint(1, 28):02}"[
                    : chance.choice((4, 7, 10, 10))
                ]
                if some
                else "",
                categories=tuple(chance.sample([f"c{n}.x" for n in range(20)], k=some)),
                sources=tuple(chance.sample(["arxiv", "acl", "hf"], k=chance.randint(1, 3))),
                venue=chance.choice(["", "TeaConf", "Journal of Cups"]),
                organisations=tuple(chance.sample([f"Lab {n}" for n in range(9)], k=some)),
                links=CODE * chance.randint(0, 1),
                upvotes=chance.choice([0, 0, 1, 5, 99]),
            )
        )
    return made


MANY = many()
