/**
 * `original`: copies in the originals folder, `path` relative to it with `/`. `folded` is the path as a file system
 * that ignores case sees it. `intent`: a copy about to get its name. `reference`: originals in place. `source`: files
 * that were copied before. Times are whole milliseconds since 1970.
 */
export const locationSchema = `
CREATE TABLE IF NOT EXISTS setting (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS original (
  sha256 BLOB PRIMARY KEY, bytes INTEGER NOT NULL, modified INTEGER NOT NULL, path TEXT NOT NULL,
  folded TEXT NOT NULL UNIQUE, corrupt INTEGER NOT NULL DEFAULT 0
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS intent (
  part TEXT PRIMARY KEY, sha256 BLOB NOT NULL, bytes INTEGER NOT NULL, path TEXT NOT NULL, folded TEXT NOT NULL UNIQUE
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS reference (
  path TEXT PRIMARY KEY, sha256 BLOB NOT NULL, bytes INTEGER NOT NULL, modified INTEGER NOT NULL
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS reference_by_content ON reference (sha256, path, bytes, modified);
CREATE TABLE IF NOT EXISTS source (
  path TEXT PRIMARY KEY, bytes INTEGER NOT NULL, modified INTEGER NOT NULL, sha256 BLOB NOT NULL
) WITHOUT ROWID;

CREATE TABLE IF NOT EXISTS total (name TEXT PRIMARY KEY, originals INTEGER NOT NULL, bytes INTEGER NOT NULL) WITHOUT ROWID;
INSERT INTO total VALUES ('original', 0, 0), ('reference', 0, 0) ON CONFLICT DO NOTHING;
CREATE TRIGGER IF NOT EXISTS original_added AFTER INSERT ON original BEGIN
  UPDATE total SET originals = originals + 1, bytes = bytes + NEW.bytes WHERE name = 'original';
END;
CREATE TRIGGER IF NOT EXISTS original_removed AFTER DELETE ON original BEGIN
  UPDATE total SET originals = originals - 1, bytes = bytes - OLD.bytes WHERE name = 'original';
END;
CREATE TRIGGER IF NOT EXISTS reference_added AFTER INSERT ON reference
WHEN NOT EXISTS (SELECT 1 FROM reference WHERE sha256 = NEW.sha256 AND path <> NEW.path) BEGIN
  UPDATE total SET originals = originals + 1, bytes = bytes + NEW.bytes WHERE name = 'reference';
END;
CREATE TRIGGER IF NOT EXISTS reference_removed AFTER DELETE ON reference
WHEN NOT EXISTS (SELECT 1 FROM reference WHERE sha256 = OLD.sha256) BEGIN
  UPDATE total SET originals = originals - 1, bytes = bytes - OLD.bytes WHERE name = 'reference';
END;
`
