"""Reference results for app/domain/src/tallies: writes app/domain/src/tallies/vectors.json.

Run (Python 3.11, in an environment of its own; the packages come from PyPI):

    pip install whalrus==0.4.6 schulze-condorcet==2.0.1 python3-vote-core==20170329.0
    pip install --no-deps "setuptools<70" && pip install --no-deps --no-build-isolation majorityjudgement==0.3.2
    python tests/vectors/tallies.py

The output is the same on every run. References, by method:

plurality          whalrus (totals, order) and python3-vote-core (totals, winners)
approval           whalrus (totals, order)
majority judgment  majorityjudgement (order, majority-grades) and whalrus (the same)
Schulze            schulze-condorcet (pairwise, winners, order), whalrus (order) and
                   python3-vote-core (pairwise, winners)

Where they disagree, who is right by the paper, and what this file asserts of it:

1. Majority judgment. whalrus compares by the majority-gauge (p, grade, q) and then, between
   equal ones, by the smaller of the two shares. That last step is in no paper: Balinski & Laraki
   (2007) decide by the majority-value, which removes medians one by one, as majorityjudgement
   does. It is written. Every pair that whalrus orders otherwise has the same grade and the same
   larger share on the same side; all others must agree.
2. Schulze, equal ranks. whalrus counts half a vote for each of two equals, which amounts to
   margins, and takes a defeat for a link. On profiles of complete rankings without equals all
   definitions coincide (paper, 2.1), there it is used as it is. On the others its path search and
   order are given the strengths of the paper's example 3 (winning votes).
3. Schulze, winning votes. python3-vote-core compares supports only; example 3, condition 4 of the
   paper prefers less opposition between equal supports, as schulze-condorcet does, which is
   written. Whenever the winners differ, the supports of two victories must be equal.
4. Schulze, below the winners. schulze-condorcet takes the winners out and searches paths anew
   among the rest; the paper's relation O (2.2.1) keeps all paths, as whalrus does, which is
   written. The winners themselves must agree.
"""

import hashlib
import importlib.util
import itertools
import json
import logging
import pathlib
import random
import sysconfig
from collections import Counter

import numpy
import schulze_condorcet
import whalrus
from py3votecore.condorcet import CondorcetHelper
from py3votecore.plurality import Plurality
from py3votecore.schulze_method import SchulzeMethod

PROFILES = 1000
OUTPUT = pathlib.Path(__file__).parents[2] / "app/domain/src/tallies/vectors.json"
NAMES = "abcdef"
differences = Counter()


def load_majorityjudgement():
    # Its __init__ is written for Python 2; the module itself is not.
    path = pathlib.Path(sysconfig.get_paths()["purelib"]) / "majorityjudgement/grading.py"
    spec = importlib.util.spec_from_file_location("grading", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.MajorityJudgement


MajorityJudgement = load_majorityjudgement()


def shape(rng):
    """How many choices and ballots: half of the profiles are small, so that ties are many."""
    return rng.randint(2, 6), rng.randint(1, rng.choice((8, 30)))


def number(name):
    return NAMES.index(name)


def numbered(order):
    return [sorted(number(name) for name in group) for group in order]


def by_total(totals):
    steps = sorted(set(totals), reverse=True)
    return [[choice for choice, total in enumerate(totals) if total == step] for step in steps]


def plurality(rng):
    choices, people = shape(rng)
    names = NAMES[:choices]
    ballots = [rng.choice(names) for _ in range(people)]
    rule = whalrus.RulePlurality(ballots, candidates=set(names))
    totals = [int(rule.gross_scores_[name]) for name in names]
    order = numbered(rule.order_)

    other = Plurality([{"count": 1, "ballot": name} for name in ballots]).as_dict()
    assert all(other["tallies"].get(name, 0) == totals[number(name)] for name in names)
    assert sorted(number(name) for name in other.get("tied_winners", [other["winner"]])) == order[0]
    return choices, 0, [str(number(name)) for name in ballots], order, totals


def approval(rng):
    choices, people = shape(rng)
    names = NAMES[:choices]
    share = rng.choice((0.2, 0.5, 0.7))
    ballots = [{name: int(rng.random() < share) for name in names} for _ in range(people)]
    rule = whalrus.RuleApproval(ballots, candidates=set(names))
    totals = [int(rule.gross_scores_[name]) for name in names]
    texts = ["".join(str(number(name)) for name in names if ballot[name]) for ballot in ballots]
    return choices, 0, texts, numbered(rule.order_), totals


def majority_judgment(rng):
    choices, people = shape(rng)
    names = NAMES[:choices]
    grades = rng.randint(3, 7)
    # Few of the grades in use, around the middle: equal medians are what is to be tested.
    used = sorted(rng.sample(range(grades), rng.randint(2, grades)))
    ballots = [{name: rng.choice(used) for name in names} for _ in range(people)]
    counts = {name: [sum(b[name] == g for b in ballots) for g in range(grades)] for name in names}
    values = {name: MajorityJudgement(counts[name]) for name in names}
    order = []
    for name in sorted(names, key=values.get, reverse=True):
        if order and values[order[-1][0]] == values[name]:
            order[-1].append(name)
        else:
            order.append([name])
    medians = [next(values[name].grades()) for name in names]

    rule = whalrus.RuleMajorityJudgment(ballots, candidates=set(names), scale=whalrus.ScaleRange(0, grades - 1))
    assert [int(rule.scores_[name][0]) for name in names] == medians
    place = {name: at for at, group in enumerate(order) for name in group}
    for one, other in itertools.combinations(names, 2):
        ours = (place[one] < place[other]) - (place[one] > place[other])
        gauge = rule.compare_scores(rule.scores_[one], rule.scores_[other])
        if ours != gauge:
            # Note 1: the gauge of the papers does not order them.
            assert rule.scores_[one][:2] == rule.scores_[other][:2]
            differences["majority judgment: pairs that the gauge's third step orders otherwise"] += 1
        differences["majority judgment: pairs"] += 1
    texts = ["".join(str(ballot[name]) for name in names) for ballot in ballots]
    return choices, grades, texts, numbered(order), medians


def random_ranking(rng, names, complete):
    names = rng.sample(names, len(names))
    if complete:
        return [[name] for name in names]
    ranks = []
    for name in names[: rng.randint(1, len(names))]:
        if ranks and rng.random() < 0.35:
            ranks[-1].append(name)
        else:
            ranks.append([name])
    return ranks


def rotated(rng, names, complete):
    """A piece of the cycle a > b > c > ... > a."""
    start = rng.randrange(len(names))
    length = len(names) if complete else rng.choice((2, 2, 3, len(names)))
    return [[name] for name in (names[start:] + names[:start])[:length]]


class WinningVotes(whalrus.MatrixWeightedMajority):
    """The strengths of the paper's example 3, as numbers."""

    strengths = {}

    @property
    def as_dict_(self):
        return self.strengths

    @property
    def candidates_as_list_(self):
        return sorted({one for one, _ in self.strengths})

    @property
    def candidates_indexes_(self):
        return {name: at for at, name in enumerate(self.candidates_as_list_)}

    @property
    def as_array_(self):
        names = self.candidates_as_list_
        return numpy.array([[self.strengths[one, other] for other in names] for one in names])


def strength(support, opposition):
    """Victories from 10,000 on, a tie at 5,000, defeats below."""
    base = {1: 10_000, 0: 5_000, -1: 0}[(support > opposition) - (support < opposition)]
    return base if support == opposition else base + 100 * support + 99 - opposition


def schulze(rng):
    choices, people = shape(rng)
    names = NAMES[:choices]
    complete = rng.random() < 0.3
    # Few different ballots, or parts of one cycle: so that cycles and ties are many.
    kinds = [random_ranking(rng, names, complete) for _ in range(rng.choice((3, 5, 30)))]
    if rng.random() < 0.5:
        kinds = [rotated(rng, names, complete) for _ in range(2 * choices)]
    ballots = [rng.choice(kinds) for _ in range(people)]
    full = []
    for ranks in ballots:
        rest = [name for name in names if name not in sum(ranks, [])]
        full.append(ranks + [rest] * bool(rest))
    texts = [">".join("=".join(rank) for rank in ranks) for ranks in full]
    pairs = schulze_condorcet.pairwise_preference(texts, names)
    detailed = schulze_condorcet.schulze_evaluate(texts, names)
    peeled = numbered(group.split("=") for group in detailed.split(">"))

    matrix = WinningVotes()
    matrix.strengths = {
        (a, b): strength(pairs[a, b], pairs[b, a]) if a != b else 0 for a in names for b in names
    }
    weak = [" > ".join(" ~ ".join(rank) for rank in ranks) for ranks in full]
    given = whalrus.RuleSchulze(
        weak, candidates=set(names), matrix_schulze=whalrus.MatrixSchulze(matrix_weighted_majority=matrix)
    )
    order = numbered(given.order_)
    assert order[0] == peeled[0]
    differences["Schulze: profiles that are ordered otherwise when paths are searched anew"] += order != peeled
    plain = numbered(whalrus.RuleSchulze(weak, candidates=set(names)).order_)
    if complete:
        assert plain == order
    differences["Schulze: profiles that half votes (whalrus as it is) order otherwise"] += plain != order

    notation = CondorcetHelper.BALLOT_NOTATION_RANKING
    ranked = [
        {"count": 1, "ballot": {name: at for at, rank in enumerate(ranks) for name in rank}} for ranks in full
    ]
    other = SchulzeMethod(ranked, ballot_notation=notation).as_dict()
    assert all(other["pairs"][pair] == pairs[pair] for pair in other["pairs"])
    winners = sorted(number(name) for name in other.get("tied_winners", [other["winner"]]))
    if winners != order[0]:
        # Note 3: two victories of the same support and not of the same opposition.
        victories = [(pairs[a, b], pairs[b, a]) for a in names for b in names if pairs[a, b] > pairs[b, a]]
        supports = Counter(support for support, _ in set(victories))
        assert not complete and max(supports.values()) > 1
        differences["Schulze: profiles whose winners differ by support alone"] += 1
    beaten = {b for a in names for b in names if pairs[a, b] >= pairs[b, a] and a != b}
    differences["schulze: no Condorcet winner"] += len(beaten) == choices
    flat = [pairs[a, b] for a in names for b in names]
    short = [">".join("".join(str(number(name)) for name in rank) for rank in ranks) for ranks in ballots]
    return choices, 0, short, order, flat


def order_for(seed, choices):
    """The order in which one person sees the choices, written a second time."""
    order = list(range(choices))
    tag = b"rabaska/choices/v1\0"
    stream = (
        byte
        for block in itertools.count()
        for byte in hashlib.sha256(tag + block.to_bytes(4, "big") + seed).digest()
    )
    for last in range(choices - 1, 0, -1):
        places = last + 1
        byte = next(stream)
        while byte >= 256 - 256 % places:
            differences["order_for: bytes drawn again"] += 1
            byte = next(stream)
        other = byte % places
        order[last], order[other] = order[other], order[last]
    return order


def main():
    logging.disable(logging.WARNING)
    lines = []
    for method in (plurality, approval, majority_judgment, schulze):
        rng = random.Random("rabaska tallies " + method.__name__)
        for _ in range(PROFILES):
            choices, grades, ballots, order, totals = method(rng)
            groups = ">".join("".join(map(str, group)) for group in order)
            row = [method.__name__, choices, grades, ",".join(ballots), groups, totals]
            lines.append(json.dumps(row, separators=(",", ":")))
            differences[method.__name__ + ": ties at the top"] += len(order[0]) > 1
    for choices, person in itertools.product(range(2, 21), range(4)):
        seed = f"person {person}, poll {choices}"
        row = ["order_for", choices, 0, seed, "", order_for(seed.encode(), choices)]
        lines.append(json.dumps(row, separators=(",", ":")))
    OUTPUT.write_text("[\n" + ",\n".join(lines) + "\n]\n")
    print(OUTPUT.stat().st_size, "bytes")
    for what, count in sorted(differences.items()):
        print(f"{count:6} {what}")


main()
