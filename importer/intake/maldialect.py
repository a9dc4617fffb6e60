"""MyAnimeList's dialect of XML, which half of the anime sites write: what its tags mean wherever they stand."""

from __future__ import annotations

from importer.intake.cellrow import Cells
from importer.intake.making import rating_or_reject
from importer.vocabulary.records import Anime, Kind, Locator, Moment, Record

NO_MANGA = "This is a list of manga, which Simkl does not have. Export the anime list instead."


def dialect_entry(
    locator: Locator, cells: Cells, *, has_mal_ids: bool = True, notes: tuple[str, ...] = ()
) -> Record:
    """The record of one `anime` element. A Movie is an anime too; 0 means unrated; the finish date stands in.
    `has_mal_ids` False: nobody knows whose ids the writer puts there, so none is taken."""
    is_dated = "my_finish_date" in cells
    return rating_or_reject(
        locator,
        kind=Kind.MOVIE if cells["series_type"].casefold() == "movie" else Kind.SHOW,
        score=cells["my_score"],
        scale="1 to 10",
        anime=Anime.YES,
        title=cells["series_title"],
        raw_ids={"mal": cells["series_animedb_id"]} if has_mal_ids else {},
        moment=Moment(cells["my_finish_date"], "iso", "my_finish_date", stand_in=True) if is_dated else None,
        notes=notes,
    )
