import { Connection } from '@temporalio/client';
import proto from '@temporalio/proto';
import { createServer } from 'node:http2';
import { assertNamespace, setRetention } from '../../cli/namespace.ts';
import { registerSearchAttributes } from '../../cli/searchAttributes.ts';
import { days, milliseconds } from '../../domain/duration.ts';
import { SEARCH_ATTRIBUTES } from '../../workflows/searchAttributes.ts';
import { afterTest, failure, newDataDir, startServer } from './support.ts';

const { INDEXED_VALUE_TYPE_KEYWORD: KEYWORD, INDEXED_VALUE_TYPE_INT: INT } =
  proto.temporal.api.enums.v1.IndexedValueType;

async function connected(): Promise<Connection> {
  const server = await startServer(newDataDir());
  const connection = await Connection.connect({ address: server.address });
  afterTest(async () => connection.close());
  return connection;
}

/** A Temporal that answers each method with a gRPC status, and nothing else (gRPC over HTTP/2). */
async function answering(statuses: Readonly<Record<string, number>>): Promise<Connection> {
  const server = createServer((request, response) => {
    response.writeHead(200, { 'content-type': 'application/grpc' });
    response.addTrailers({ 'grpc-status': String(statuses[request.url.split('/').at(-1) ?? ''] ?? 12) });
    response.end(Buffer.alloc(5)); // an empty message
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const connection = Connection.lazy({ address: `127.0.0.1:${(server.address() as { port: number }).port}` });
  afterTest(async () => {
    await connection.close();
    await new Promise((resolve) => server.close(resolve));
  });
  return connection;
}

const ALL =
  '  temporal operator search-attribute create --namespace prod' +
  ' --name IncidentStatus --type Keyword --name ServiceId --type Keyword --name Severity --type Keyword' +
  ' --name Urgency --type Keyword --name Priority --type Keyword --name Assignees --type KeywordList' +
  ' --name DedupKey --type Keyword --name IncidentNumber --type Int';

test('the search attributes are registered once, and can be used at once', async () => {
  const connection = await connected();
  expect(await registerSearchAttributes(connection, 'default')).toEqual(Object.keys(SEARCH_ATTRIBUTES));
  await connection.workflowService.countWorkflowExecutions({
    namespace: 'default',
    query: `IncidentStatus = 'triggered' AND Assignees = 'ana' AND IncidentNumber = 7`,
  });
  expect(await registerSearchAttributes(connection, 'default')).toEqual([]);
});

test('only the missing ones are registered, and two starts at once do not disturb each other', async () => {
  const connection = await connected();
  const { Severity, ...others } = SEARCH_ATTRIBUTES;
  await connection.operatorService.addSearchAttributes({
    namespace: 'default',
    searchAttributes: { [Severity.name]: KEYWORD },
  });
  const both = [registerSearchAttributes(connection, 'default'), registerSearchAttributes(connection, 'default')];
  const registered = (await Promise.all(both)).flat();
  expect([...new Set(registered)]).toEqual(Object.keys(others));
});

test('an attribute that is there with another type is named', async () => {
  const connection = await connected();
  await connection.operatorService.addSearchAttributes({ namespace: 'default', searchAttributes: { Urgency: INT } });
  const error = await failure(registerSearchAttributes(connection, 'default'));
  expect(error.code).toBe('SEARCH_ATTRIBUTES_MISSING');
  expect(error.message).toContain('another type');
  expect(error.message).toMatch(/create --namespace default --name Urgency --type Keyword$/);
});

test('where registering is not permitted, the error has the exact command', async () => {
  const connection = await answering({ ListSearchAttributes: 0, AddSearchAttributes: 7 });
  const error = await failure(registerSearchAttributes(connection, 'prod'));
  expect(error.code).toBe('SEARCH_ATTRIBUTES_MISSING');
  expect(error.message.split('\n').at(-1)).toBe(ALL);
});

test('where even listing is not permitted, attributes that can be used are enough', async () => {
  const usable = await answering({ ListSearchAttributes: 7, CountWorkflowExecutions: 0 });
  expect(await registerSearchAttributes(usable, 'prod')).toEqual([]);
  const unusable = await answering({ ListSearchAttributes: 7, CountWorkflowExecutions: 3 });
  const error = await failure(registerSearchAttributes(unusable, 'prod'));
  expect(error.message.split('\n').at(-1)).toBe(ALL);
});

test('the retention is set where it differs, and the search attributes stay', async () => {
  const connection = await connected();
  await registerSearchAttributes(connection, 'default');
  expect(await setRetention(connection, 'default', days(30))).toBe(true);
  const { config } = await connection.workflowService.describeNamespace({ namespace: 'default' });
  expect(Number(config?.workflowExecutionRetentionTtl?.seconds)).toBe(30 * 86_400);
  expect(await setRetention(connection, 'default', days(30))).toBe(false);
  expect(await registerSearchAttributes(connection, 'default')).toEqual([]);
});

test('a retention that Temporal refuses is told with its variable', async () => {
  const error = await failure(setRetention(await connected(), 'default', milliseconds(1_000)));
  expect(error.code).toBe('BAD_ENVIRONMENT');
  expect(error.message).toContain('TOCSIN_RETENTION is 1s');
});

test('a namespace that is not there is told with the command that makes it', async () => {
  const error = await failure(assertNamespace(await connected(), 'prod'));
  expect(error.code).toBe('NAMESPACE_MISSING');
  expect(error.message).toContain('temporal operator namespace create --namespace prod');
});
