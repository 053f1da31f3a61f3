-- One durable create in one statement, as fast as SQL allows: no logic, no look-up before.
WITH n AS (
  SELECT nextval('enterprise_number') AS number, gen_random_uuid() AS request_id
), v AS (
  SELECT 'provinces/48/enterprises/' || number AS name, lpad(number::text, 10, '0') AS tax_code, request_id,
         'Công ty TNHH Cơ khí chính xác Đà Nẵng ' || number AS display_name,
         'Lô 12, đường số 5, Khu công nghiệp Hòa Khánh, thành phố Đà Nẵng' AS address
  FROM n
), e AS (
  INSERT INTO enterprise (name, province, tax_code, display_name, legal_kind, vsic_section, address, etag)
  SELECT name, '48', tax_code, display_name, 2, 'C', address, md5(name) FROM v
  RETURNING name
), o AS (
  INSERT INTO event (type, resource_name, actor, request_id, resource)
  SELECT 'enterprise.created', name, 'officer-1 of the issuer', request_id, to_jsonb(v) FROM v
  RETURNING position
), r AS (
  INSERT INTO request (scope, request_id, body_hash, response)
  SELECT 'officer-1/CreateEnterprise', request_id, sha256(display_name::bytea), to_jsonb(v) FROM v
  RETURNING request_id
)
SELECT e.name, o.position FROM e, o, r;
