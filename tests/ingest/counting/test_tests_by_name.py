"""Which files are tests where their folder is named after what is tested."""

from __future__ import annotations

import pytest

from ingest.counting.tree_paths import is_test, kinds_of


@pytest.mark.parametrize(
    ("path", "counts"),
    [
        ("spec/helpers/application_helper_spec.rb", True),
        ("mock/src/test/java/x/mock/CallsTest.java", True),
        ("tests/test_utils.py", True),
        ("tests/test_helpers.py", True),
        ("tests/test_helper.py", True),
        ("pkg/helpers_test.py", True),
        ("core/data/src/test/kotlin/x/data/SyncTest.kt", True),
        ("core/src/androidTest/java/x/resources/TextTest.kt", True),
        ("AppTests/Data/StoreTests.swift", True),
        ("internal/data/store_test.go", True),
        ("src/data/load.test.ts", True),
        ("charts/web/templates/tests/connection.yaml", True),
        ("charts/web/unittests/alerts/labels_test.yaml", True),
        ("tests/network.tftest.hcl", True),
        ("roles/web/molecule/default/molecule.yml", True),
        ("policy/ingress_test.rego", True),
        ("charts/web/templates/deployment.yaml", False),
        ("tests/main.tf", False),
        ("spec/test_helper.rb", False),
        ("core/src/test/resources/x/SampleTest.java", False),
        ("tests/data/sub/store.test.ts", False),
        ("tests/data/test_helpers.py", False),
        ("spec/support/matchers.rb", False),
        ("tests/fixtures/test_a.py", False),
        ("pkg/__tests__/vitest-setup.ts", False),
        ("src/test-utils.ts", False),
        ("tests/__init__.py", False),
        ("tests/conftest.py", False),
    ],
)
def test_the_name_decides_in_folders_named_after_what_is_tested(path: str, counts: bool) -> None:
    """Specs of helpers and tests of mocks count; helpers, fixtures and setup files do not."""
    assert is_test(path) is counts


@pytest.mark.parametrize(
    ("path", "is_manifest"),
    [
        ("package.json", True),
        ("packages/cli/package.json", True),
        ("packages/create-app/templates/react/package.json", False),
        ("lib/generators/engine/templates/Gemfile", False),
        ("{{cookiecutter.slug}}/pyproject.toml", False),
        ("templates/requirements.txt", False),
    ],
)
def test_a_manifest_that_a_generator_copies_is_not_of_this_project(path: str, is_manifest: bool) -> None:
    """The new project locks its dependencies, so no lock file is asked for in the template."""
    assert bool({"manifest", "requirements"} & kinds_of(path, "code")) is is_manifest
