"""Queries that can be written, and tasks that they may find."""

from __future__ import annotations

from hypothesis import strategies as st

from taskdeck.domain.projections.tasks import TaskState
from taskdeck.domain.search.terms import (
    Condition,
    InState,
    Measure,
    Measured,
    Mentions,
    Name,
    Named,
    Op,
    Path,
    Pattern,
    Prose,
    Query,
    Root,
    Term,
    ValueIs,
    ValueMeasured,
)

words = st.sampled_from(
    ["", "a", "A", "mail", "shop.pay", "send_x", "42", "1.5", "true", "null", "é", 'a"b', "a\\b",
     "a b", ",", "-x", ">1", "[a]", "?", "%", "_", "K", "\u212a", "\n", "*", "r", "celery", "1e-05"]
) | st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=6)  # fmt: skip
patterns = st.lists(words, min_size=1, max_size=3).map(lambda pieces: Pattern(tuple(pieces)))
several = st.lists(patterns, min_size=1, max_size=3).map(tuple)
telling = patterns.filter(lambda pattern: any(pattern.pieces))
numbers = st.integers(-(10**6), 10**6) | st.sampled_from([1.5, 0.25, -2.125, 0.000001, 42])
comparisons = st.sampled_from([Op.MORE, Op.LESS, Op.AT_LEAST, Op.AT_MOST])
times = st.integers(0, 4 * 10**15)
paths = st.builds(
    Path,
    st.sampled_from(Root),
    st.lists(
        st.sampled_from(["a", "b", "0", "1", "id"]) | words.filter(bool), max_size=3
    ).map(tuple),
)  # fmt: skip
conditions: st.SearchStrategy[Condition] = st.one_of(
    st.frozensets(st.sampled_from(TaskState), min_size=1).map(InState),
    st.builds(Named, st.sampled_from(Name), several),
    st.builds(Mentions, st.sampled_from(Prose), st.lists(telling, min_size=1, max_size=2).map(tuple)),
    st.builds(
        Measured, st.sampled_from([Measure.RUNTIME, Measure.WAIT]), comparisons,
        st.integers(0, 10**10),
    ),
    st.builds(
        Measured, st.sampled_from([Measure.RECEIVED, Measure.STARTED, Measure.FINISHED]),
        comparisons, times,
    ),
    st.builds(
        Measured, st.just(Measure.ATTEMPTS), st.sampled_from(Op), numbers
    ),
    st.builds(Measured, st.just(Measure.LAST_EVENT), st.sampled_from([Op.AT_LEAST, Op.LESS]), times),
    st.builds(ValueIs, paths, several),
    st.builds(ValueMeasured, paths, comparisons, numbers),
)  # fmt: skip
terms = st.builds(Term, conditions, st.booleans())
queries = st.lists(terms, max_size=4).map(lambda found: Query(tuple(found)))
