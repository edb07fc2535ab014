"""The demo's settings and the example file describe the company that is simulated."""

from pathlib import Path

from processor.demo.company import company_toml
from processor.settings.load import load

EXAMPLE = Path(__file__).parents[2] / "cxpulse.example.toml"


def test_the_example_file_fits_the_simulated_company(tmp_path: Path) -> None:
    """So `cxpulse simulate` fills every panel of whoever starts from the example."""
    path = tmp_path / "cxpulse.toml"
    path.write_text(company_toml())
    company, example = load(path, {}).settings, load(EXAMPLE, {}).settings
    asked = {
        (question.survey_id, question.question_id): (
            question.kind,
            question.scale_min,
            question.scale_max,
            question.polarity or "high_good",
            question.options,
        )
        for question in company.questions
    }
    known = {(question.survey_id, question.question_id): question for question in example.questions}
    assert asked.keys() == known.keys()
    for key, (kind, scale_min, scale_max, polarity, options) in asked.items():
        row = known[key]
        assert (row.kind, row.polarity or "high_good", row.options) == (kind, polarity, options)
        if row.scale_min is not None:
            assert (row.scale_min, row.scale_max) == (scale_min, scale_max)
    values = {dimension.name: set(dimension.values) for dimension in example.dimensions}
    for dimension in company.dimensions:
        assert set(dimension.values) <= values[dimension.name]
    assert set(company.cart.currencies) <= set(example.cart.currencies)
