/** What Tocsin looks at by itself, each by a schedule of Temporal (interfaces §3, `monitors`). */
import type { Milliseconds } from './duration.ts';
import type { Severity } from './event.ts';

/** How far a consumer group is behind: unread messages by topic, all partitions together. */
export interface KafkaLagSettings {
  readonly id: string;
  readonly type: 'kafka-lag';
  readonly every: Milliseconds;
  /** The id of the integration as whose events its findings come in. */
  readonly integration: string;
  readonly group: string;
  /** Null: every topic of which the group has committed an offset. */
  readonly topics: readonly string[] | null;
  /** Messages; more than that is too many. */
  readonly threshold: number;
  /** By topic, in the place of `threshold`. */
  readonly thresholds: Readonly<Record<string, number>>;
  readonly severity: Severity;
  /** So many failed polls in a row are an incident of their own. */
  readonly tellAfterFailures: number;
}

/** `api: tencent`, TencentCloud API 3.0; `api: legacy`, the API before it, for accounts that still have it. */
export interface TencentKafka {
  readonly api: 'tencent' | 'legacy';
  readonly secretId: string;
  readonly secretKey: string;
  readonly region: string;
  readonly instance: string;
  readonly apiUrl: string;
}

/** PEM texts; a broker's certificate is checked against the public authorities where `ca` is absent. */
export interface KafkaTls {
  readonly ca?: string;
  readonly cert?: string;
  readonly key?: string;
}

export const SASL_MECHANISMS = ['PLAIN', 'SCRAM-SHA-256', 'SCRAM-SHA-512'] as const;

/** Any cluster that speaks Kafka's protocol. */
export interface KafkaCluster {
  readonly api: 'kafka';
  /** `host:port`, to begin with. */
  readonly brokers: readonly string[];
  /** Null: without encryption. */
  readonly tls: KafkaTls | null;
  readonly sasl: {
    readonly mechanism: (typeof SASL_MECHANISMS)[number];
    readonly username: string;
    readonly password: string;
  } | null;
}

/** Holds secrets: it stays where it is polled, and goes through no workflow. */
export type Monitor = KafkaLagSettings & (TencentKafka | KafkaCluster);
