"""What interactions are for, by their texts: a classifier has no one right number, so what is compared beside the time is
how often each names the label of texts that neither learned from."""

from collections.abc import Iterable
from pathlib import Path

import pyarrow as pa
from sklearn.feature_extraction.text import HashingVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline

from suite import Cells, Question, Suite

#: As the manual shows it, and with the pieces of words that Thai, compounds and misspelled words need.
PIECES = {
    "usual, words": {"ngram_range": (1, 2)},
    "forced, letters": {"analyzer": "char_wb", "ngram_range": (3, 5)},
}
#: Nothing worth a time names fewer.
LEAST_RIGHT = 0.6


def column(folder: Path, file: str, name: str) -> list[str]:
    with pa.memory_map(str(folder / f"{file}.arrow")) as source:
        return pa.ipc.open_file(source).read_all()[name].to_pylist()


def questions(folder: Path, threads: int) -> Iterable[Question]:
    # It predicts on one thread.
    if threads > 1:
        return
    texts = column(folder, "short", "text")
    for style, pieces in PIECES.items():
        model = make_pipeline(HashingVectorizer(**pieces), LogisticRegression(C=30, max_iter=500))
        model.fit(column(folder, "train", "text"), column(folder, "train", "label"))
        right = model.score(column(folder, "evaluation", "text"), column(folder, "evaluation", "label"))
        if right < LEAST_RIGHT:
            raise ValueError(f"scikit-learn names {right:.3f} of the labels only")

        def ask(model=model) -> Cells:
            return {"texts": [len(model.predict_proba(texts))]}

        yield "short", f"{style}; right {right:.3f}", ask


def cells_of(cells: list[int]) -> Cells:
    return {"texts": cells}


SUITE = Suite(
    title="Support, service or success",
    size=200_000,
    things="texts",
    cases={"short": "label and probabilities of each text, short ones"},
    cells_of=cells_of,
    engines={"scikit-learn": questions},
    packages={"scikit-learn": "scikit-learn"},
    agreement="Each engine gave three probabilities for every text. How often the likeliest label was the right one, on"
    " the evaluation part, which none of them learned from, stands beside it.",
    about=[
        "the labelled texts of `models/` in five languages, no fields, over and over; short ones have at most 160"
        " characters",
        "scikit-learn hashes texts and predicts by logistic regression trained on the same rows; tenure also detects the"
        " language, looks for cues, places each interaction on seven axes",
    ],
    layouts={"evidence": "short texts, with three reasons each", "all": "texts of any length, mails among them"},
)
