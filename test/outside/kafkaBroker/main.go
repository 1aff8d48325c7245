// Brokers that speak Kafka's protocol, for test/outside/kafka.test.ts: one cluster in the open, one with TLS and SCRAM.
// Arguments: a certificate and its key, PEM files. Prints the addresses as one line of JSON, and runs until it is killed.
package main

import (
	"context"
	"crypto/tls"
	"encoding/json"
	"os"

	"github.com/twmb/franz-go/pkg/kadm"
	"github.com/twmb/franz-go/pkg/kfake"
	"github.com/twmb/franz-go/pkg/kgo"
	"github.com/twmb/franz-go/pkg/sasl/scram"
)

const user, password, group = "tocsin", "a-password-of-the-broker", "order-workers"

// Records, and of them committed; -1: no commit.
var topics = map[string][][2]int64{
	"orders":   {{10, 3}, {20, 5}, {30, -1}},
	"payments": {{4, 4}, {0, 0}, {2, -1}},
	"unread":   {{5, -1}, {0, -1}, {0, -1}},
}

func must(err error) {
	if err != nil {
		panic(err)
	}
}

func start(more ...kfake.Opt) *kfake.Cluster {
	cluster, err := kfake.NewCluster(append(more, kfake.NumBrokers(2), kfake.SeedTopics(3, "orders", "payments", "unread"))...)
	must(err)
	return cluster
}

func fill(cluster *kfake.Cluster, more ...kgo.Opt) {
	ctx := context.Background()
	client, err := kgo.NewClient(append(more, kgo.SeedBrokers(cluster.ListenAddrs()...), kgo.RecordPartitioner(kgo.ManualPartitioner()))...)
	must(err)
	defer client.Close()
	offsets := kadm.Offsets{}
	for topic, partitions := range topics {
		for partition, said := range partitions {
			for record := int64(0); record < said[0]; record++ {
				must(client.ProduceSync(ctx, &kgo.Record{Topic: topic, Partition: int32(partition), Value: []byte("x")}).FirstErr())
			}
			if said[1] >= 0 {
				offsets.Add(kadm.Offset{Topic: topic, Partition: int32(partition), At: said[1], LeaderEpoch: -1})
			}
		}
	}
	_, err = kadm.NewClient(client).CommitOffsets(ctx, group, offsets)
	must(err)
}

func main() {
	certificate, err := tls.LoadX509KeyPair(os.Args[1], os.Args[2])
	must(err)
	open := start()
	fill(open)
	secured := start(kfake.EnableSASL(), kfake.Superuser("SCRAM-SHA-256", user, password), kfake.TLS(&tls.Config{Certificates: []tls.Certificate{certificate}}))
	fill(secured, kgo.SASL(scram.Auth{User: user, Pass: password}.AsSha256Mechanism()), kgo.DialTLSConfig(&tls.Config{InsecureSkipVerify: true}))
	must(json.NewEncoder(os.Stdout).Encode(map[string][]string{"open": open.ListenAddrs(), "secured": secured.ListenAddrs()}))
	select {}
}
