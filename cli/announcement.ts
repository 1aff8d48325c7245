/** What a person reads once Tocsin runs: where everything is, and a line to paste that opens a first incident. */
import type { Configuration } from '../domain/configuration.ts';

export interface Running {
  readonly apiUrl: string;
  readonly temporalUiUrl?: string;
  /** `127.0.0.1:7233, namespace default` */
  readonly temporal: string;
  readonly dataDir: string;
  /** The generated token; absent where TOCSIN_API_TOKEN gave one, which is not repeated here. */
  readonly generatedToken?: string;
  /** TOCSIN_API_TOKEN_FILE. */
  readonly tokenFile?: string;
  readonly configPath: string;
  readonly configuration: Configuration;
}

/** The lines, without secrets but the generated token. */
export function announcement(running: Running): readonly string[] {
  const { apiUrl, temporalUiUrl, temporal, dataDir, generatedToken, tokenFile, configPath, configuration } = running;
  const [service] = configuration.services.keys();
  const bearer = generatedToken ?? (tokenFile === undefined ? '$TOCSIN_API_TOKEN' : `$(cat ${tokenFile})`);
  const body = JSON.stringify({ service, summary: 'Orders are failing', severity: 'critical' });
  return [
    '',
    'Tocsin is running.',
    `  API            ${apiUrl}`,
    ...(temporalUiUrl === undefined ? [] : [`  Temporal UI    ${temporalUiUrl}`]),
    `  Temporal       ${temporal}`,
    `  configuration  ${configPath}`,
    `  data folder    ${dataDir}`,
    `  API token      ${generatedToken ?? `the one in ${tokenFile ?? 'TOCSIN_API_TOKEN'}`}`,
    ...(service === undefined
      ? []
      : [
          '',
          'Open a first incident:',
          `  curl -sS -X POST ${apiUrl}/v1/incidents -H "Authorization: Bearer ${bearer}" -H 'Content-Type: application/json' -d '${body}'`,
        ]),
    '',
    'Ctrl-C stops it; started again, open incidents go on.',
  ];
}
