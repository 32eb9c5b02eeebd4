"""Tell mkdocs which files are pages: those of docs/, and those that code hosts show from the root of the repository.

All are known by their paths from the root, so one link leads to a page on a code host and in the site alike.
"""

from pathlib import Path

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files

ROOT = Path(__file__).resolve().parent.parent
# Where each is in the site.
BESIDE = {
    "README.md": "index.html",
    "ARCHITECTURE.md": "architecture/index.html",
    "DECISIONS.md": "decisions/index.html",
    "CONTRIBUTING.md": "contributing/index.html",
    "CHANGELOG.md": "changelog/index.html",
    "LICENSE": "license.txt",
    "src/broadsheet/web/static/icon.svg": "images/icon.svg",
    "bench/README.md": "bench/index.html",
    "bench/RESULTS.md": "bench/results/index.html",
}


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """Name every page by its path from the root, and add those that are beside docs/; the theme's files stay."""
    docs = Path(config.docs_dir)
    ours = [file for file in files if file.src_dir == config.docs_dir]
    pages = {f"{docs.name}/{file.src_uri}": file.dest_uri for file in ours} | BESIDE
    for file in ours:
        files.remove(file)
    for path, address in pages.items():
        files.append(File(path, str(ROOT), config.site_dir, config.use_directory_urls, dest_uri=address))
    return files


def on_post_page(output: str, **_: object) -> str:
    """Give the theme's search the name that it lacks, for who cannot see it."""
    return output.replace(
        'data-md-component="search" role="dialog"', 'data-md-component="search" role="dialog" aria-label="Search"'
    )
