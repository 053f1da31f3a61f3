// Peer: POST /v1/provinces/{province}/enterprises as a usual service does it: one transaction over a pool of
// connections, with the look-up of the idempotency row, the check of the tax code, and three inserts.
//
//   node server.mjs SOCKET-FOLDER DATABASE PORT      PORT 0 takes a free one; prints the port
import {createHash, randomUUID} from 'node:crypto';
import Fastify from 'fastify';
import pg from 'pg';

const [socketFolder, database, port] = process.argv.slice(2);
const pool = new pg.Pool({host: socketFolder, database, user: 'postgres', max: 16});
const app = Fastify({logger: false});

const schema = {
  body: {
    type: 'object',
    required: ['displayName', 'taxCode', 'legalKind', 'vsicSection'],
    properties: {
      displayName: {type: 'string', minLength: 1, maxLength: 500},
      taxCode: {type: 'string', pattern: '^[0-9]{10}(-[0-9]{3})?$'},
      legalKind: {type: 'string'},
      vsicSection: {type: 'string', pattern: '^[A-V]$'},
      address: {type: 'string', maxLength: 500},
    },
  },
};

class Refused extends Error {
  constructor(status, reason) {
    super(reason);
    this.statusCode = status;
  }
}

app.post('/v1/provinces/:province/enterprises', {schema}, async (request, reply) => {
  const scope = 'officer-1/CreateEnterprise';
  const requestId = request.headers['idempotency-key'];
  if (!requestId) throw new Refused(400, 'REQUEST_ID_REQUIRED');
  const hash = createHash('sha256').update(JSON.stringify(request.body)).digest();
  const {province} = request.params;
  const client = await pool.connect();
  try {
    await client.query('BEGIN');
    const known = await client.query({name: 'known', text:
        'SELECT body_hash, response FROM request WHERE scope = $1 AND request_id = $2', values: [scope, requestId]});
    if (known.rowCount > 0) {
      await client.query('ROLLBACK');
      if (!known.rows[0].body_hash.equals(hash)) throw new Refused(409, 'REQUEST_ID_REUSED');
      return known.rows[0].response;
    }
    const taken = await client.query({name: 'taken', text:
        'SELECT 1 FROM enterprise WHERE province = $1 AND tax_code = $2', values: [province, request.body.taxCode]});
    if (taken.rowCount > 0) throw new Refused(409, 'TAX_CODE_EXISTS');
    const name = `provinces/${province}/enterprises/${randomUUID()}`;
    const etag = hash.toString('hex').slice(0, 16);
    const stamped = await client.query({name: 'enterprise', text:
        `INSERT INTO enterprise (name, province, tax_code, display_name, legal_kind, vsic_section, address, etag)
         VALUES ($1, $2, $3, $4, 2, $5, $6, $7) RETURNING create_time`,
        values: [name, province, request.body.taxCode, request.body.displayName, request.body.vsicSection,
                 request.body.address ?? '', etag]});
    const resource = {...request.body, name, etag, createTime: stamped.rows[0].create_time};
    const json = JSON.stringify(resource);
    await client.query({name: 'event', text:
        'INSERT INTO event (type, resource_name, actor, request_id, resource) VALUES ($1, $2, $3, $4, $5)',
        values: ['enterprise.created', name, 'user:issuer|officer-1', requestId, json]});
    await client.query({name: 'request', text:
        'INSERT INTO request (scope, request_id, body_hash, response) VALUES ($1, $2, $3, $4)',
        values: [scope, requestId, hash, json]});
    await client.query('COMMIT');
    return resource;
  } catch (error) {
    await client.query('ROLLBACK').catch(() => {});
    throw error;
  } finally {
    client.release();
  }
});

process.on('SIGTERM', async () => {
  await app.close();
  await pool.end();
  process.exit(0);
});
await app.listen({host: '127.0.0.1', port: Number(port)});
console.log(app.server.address().port);
