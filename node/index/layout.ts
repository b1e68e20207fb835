/** Marks the file as ours: "HRix". */
export const APPLICATION_ID = 0x48526978
/** Raise it whenever a table or what is in it changes: older files are then filled anew from the logs. */
export const LAYOUT_VERSION = 1

/**
 * - `asset`: the merged state of each asset, compact (see state-codec.ts); `n` counts in the order of arrival.
 * - `timeline`: a row for each view that an asset is in, with all that a month's columns need, in the order of the view.
 * - `bucket`: counts of `timeline` by month. `ratios` in thousandths, whole numbers so that no order of changes drifts.
 * - `lacking`: assets without renditions (0) or facts (1) of the wanted version. `custody`: who holds which original.
 * - `total`: counts over everything; those of one holder are named `held:` and the device.
 * - `search`: what text search finds, tokens made by node/search.
 */
export const LAYOUT = `
CREATE TABLE meta (key TEXT PRIMARY KEY, value INTEGER NOT NULL) WITHOUT ROWID, STRICT;
CREATE TABLE label (n INTEGER PRIMARY KEY, text TEXT NOT NULL UNIQUE) STRICT;
CREATE TABLE position (device TEXT PRIMARY KEY, length INTEGER NOT NULL, last TEXT NOT NULL) WITHOUT ROWID, STRICT;
CREATE TABLE deferred (device TEXT NOT NULL, seq INTEGER NOT NULL, reason TEXT NOT NULL, stamp INTEGER NOT NULL,
  block BLOB NOT NULL, PRIMARY KEY (device, seq)) STRICT;
CREATE INDEX deferred_due ON deferred (reason, stamp);
CREATE TABLE name (kind TEXT NOT NULL, id TEXT NOT NULL, name TEXT NOT NULL, stamp INTEGER NOT NULL,
  device TEXT NOT NULL, PRIMARY KEY (kind, id)) WITHOUT ROWID, STRICT;
CREATE TABLE asset (n INTEGER PRIMARY KEY, id BLOB NOT NULL UNIQUE, state TEXT NOT NULL) STRICT;
CREATE TABLE timeline (view INTEGER NOT NULL, taken TEXT NOT NULL, id BLOB NOT NULL, ratio INTEGER NOT NULL,
  type INTEGER NOT NULL, duration INTEGER, favourite INTEGER NOT NULL, ready INTEGER NOT NULL, thumbhash TEXT,
  PRIMARY KEY (view, taken, id)) WITHOUT ROWID, STRICT;
CREATE TABLE bucket (view INTEGER NOT NULL, bucket TEXT NOT NULL, count INTEGER NOT NULL, ratios INTEGER NOT NULL,
  PRIMARY KEY (view, bucket)) WITHOUT ROWID, STRICT;
CREATE TABLE lacking (what INTEGER NOT NULL, taken TEXT NOT NULL, id BLOB NOT NULL,
  PRIMARY KEY (what, taken, id)) WITHOUT ROWID, STRICT;
CREATE TABLE custody (device INTEGER NOT NULL, n INTEGER NOT NULL, PRIMARY KEY (device, n)) WITHOUT ROWID, STRICT;
CREATE TABLE total (name TEXT PRIMARY KEY, assets INTEGER NOT NULL, bytes INTEGER NOT NULL) WITHOUT ROWID, STRICT;
CREATE VIRTUAL TABLE search USING fts5 (words, content='', contentless_delete=1, detail=none, prefix='3',
  tokenize="ascii");
PRAGMA application_id = ${APPLICATION_ID};
PRAGMA user_version = ${LAYOUT_VERSION};
`

/** The views as the tables number them. */
export const viewNumbers = { all: 0, favourites: 1, archive: 2, trash: 3 } as const
export const LACKS_RENDITIONS = 0
export const LACKS_FACTS = 1
