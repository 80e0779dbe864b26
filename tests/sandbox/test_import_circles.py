"""No file of the page or of the demo imports itself by way of others; imports for the checker alone count too."""

from graphlib import TopologicalSorter

from tests.meta.source_tree import SOURCES, imports_of, within


def test_no_two_files_of_the_page_and_the_demo_need_each_other() -> None:
    ours = {module for module in SOURCES if within(module, "sandbox.web") or within(module, "sandbox.demo")}
    needs = {module: {name for name in imports_of(module) if name in ours and name != module} for module in ours}
    assert len(list(TopologicalSorter(needs).static_order())) == len(ours)
