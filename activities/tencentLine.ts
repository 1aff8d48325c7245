/** How Tencent Cloud is reached by its SDK, which signs for a service that it reads off the host's name. */
import http from 'node:http';
import https from 'node:https';
import type { Socket } from 'node:net';
import { connect } from 'node:net';
import { connect as connectSecurely } from 'node:tls';

export interface TencentLine {
  /** Of the SDK's `httpProfile`. */
  readonly profile: { readonly endpoint: string; readonly protocol: string; readonly agent: http.Agent };
  /** Whether a connection was made: from then on the provider may have the request. */
  readonly connected: () => boolean;
  readonly close: () => void;
}

/**
 * A line to `apiUrl` alone, whatever host is signed. The SDK signs for the service that the first label of the endpoint
 * names, and Tencent knows but its own; by a proxy or a stand-in of another name the request is signed for Tencent
 * itself, which is where it ends. `service`: `sms`, `ckafka`.
 */
export function lineTo(apiUrl: string, service: string): TencentLine {
  const { protocol, host: named, hostname, port } = new URL(apiUrl);
  const secure = protocol === 'https:';
  const host = hostname.replace(/^\[|\]$/g, '');
  let connected = false;
  const agent = secure ? new https.Agent() : new http.Agent();
  agent.createConnection = (): Socket => {
    const to = { host, port: Number(port === '' ? (secure ? 443 : 80) : port) };
    const socket = secure ? connectSecurely({ ...to, servername: host }) : connect(to);
    return socket.once(secure ? 'secureConnect' : 'connect', () => (connected = true));
  };
  const endpoint = named.startsWith(`${service}.`) ? named : `${service}.tencentcloudapi.com`;
  return {
    profile: { endpoint, protocol: `${protocol}//`, agent },
    connected: () => connected,
    close: () => agent.destroy(),
  };
}
