"""Where the ontology, the shapes and the layouts lie, in a checkout and in an installed package."""

import pytest

from kg import assets

FOLDERS = {"ontology": "coord.ttl", "shapes": "report.ttl", "layouts": "drc.toml"}


@pytest.mark.parametrize("name", FOLDERS)
def test_a_checkout_has_its_assets_beside_the_package(name):
    """Each folder is found, with what belongs in it."""
    assert (getattr(assets, name)() / FOLDERS[name]).is_file()


@pytest.mark.parametrize("name", FOLDERS)
def test_an_installed_package_has_its_assets_inside(name, tmp_path, monkeypatch):
    """A wheel's own folder is taken before one beside the package."""
    inside = tmp_path / "kg" / "_data" / name
    inside.mkdir(parents=True)
    (tmp_path / name).mkdir()
    monkeypatch.setattr(assets, "_PACKAGE", tmp_path / "kg")
    assert getattr(assets, name)() == inside


def test_examples_of_shapes_are_tests_in_a_checkout_and_data_in_a_package(tmp_path, monkeypatch):
    """They are found in both."""
    assert (assets.shape_examples() / "report" / "valid_full.ttl").is_file()
    inside = tmp_path / "kg" / "_data" / "shape-examples"
    inside.mkdir(parents=True)
    monkeypatch.setattr(assets, "_PACKAGE", tmp_path / "kg")
    assert assets.shape_examples() == inside


def test_a_digest_tells_contents_and_names_apart(tmp_path):
    """Another name, another content or another place gives another digest; the same files give the same."""
    told = set()
    for number, (name, content) in enumerate([("a", "x"), ("b", "x"), ("a", "y"), ("sub/a", "x"), ("a", "x")]):
        file = tmp_path / str(number) / name
        file.parent.mkdir(parents=True)
        file.write_text(content)
        told.add(assets.digest(tmp_path / str(number)))
    assert len(told) == 4
