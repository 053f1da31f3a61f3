-- Peer: the rows of an import as a relational database keeps them, with the indexes that the registry
-- keeps: the name, the tax code of a province, and what names are searched by.
DROP TABLE IF EXISTS imported;
CREATE TABLE imported (
  name text PRIMARY KEY,
  province text NOT NULL,
  tax_code text NOT NULL,
  display_name text NOT NULL,
  search_key text NOT NULL,
  legal_kind int NOT NULL,
  operating_status int NOT NULL,
  address text NOT NULL,
  established_on date NOT NULL,
  vsic_section text NOT NULL,
  etag text NOT NULL,
  create_time timestamptz NOT NULL DEFAULT now(),
  update_time timestamptz NOT NULL DEFAULT now(),
  UNIQUE (province, tax_code)
);
CREATE INDEX imported_search ON imported (search_key text_pattern_ops);
