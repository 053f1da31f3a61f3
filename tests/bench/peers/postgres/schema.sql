-- Peer: the rows of one create as a relational database keeps them: state, an index on the tax code,
-- the event, the idempotency row.
CREATE TABLE enterprise (
  name text PRIMARY KEY,
  province text NOT NULL,
  tax_code text NOT NULL,
  display_name text NOT NULL,
  legal_kind int NOT NULL,
  vsic_section text NOT NULL,
  address text NOT NULL,
  etag text NOT NULL,
  create_time timestamptz NOT NULL DEFAULT now(),
  update_time timestamptz NOT NULL DEFAULT now(),
  UNIQUE (province, tax_code)
);
CREATE TABLE event (
  position bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  type text NOT NULL,
  resource_name text NOT NULL,
  actor text NOT NULL,
  request_id uuid NOT NULL,
  commit_time timestamptz NOT NULL DEFAULT now(),
  resource jsonb NOT NULL
);
CREATE TABLE request (
  scope text NOT NULL,
  request_id uuid NOT NULL,
  body_hash bytea NOT NULL,
  response jsonb NOT NULL,
  PRIMARY KEY (scope, request_id)
);
CREATE SEQUENCE enterprise_number;
