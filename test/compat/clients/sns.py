"""CloudWatch's alarm by Amazon SNS, which moto plays. Set: the subscription's endpoint; nothing of Tocsin's knows that it is moto."""

import json
import os

import boto3
from steps import HTTP, step

sns = boto3.client("sns", endpoint_url=os.environ["COMPAT_MOTO"], region_name="eu-central-1", aws_access_key_id="x", aws_secret_access_key="x")
topic = sns.create_topic(Name="alarms")["TopicArn"]
sns.subscribe(TopicArn=topic, Protocol="http", Endpoint=f"{HTTP}/integrations/cloudwatch/compat-cloudwatch-key-00000000000")


def alarm(state, was):
    return json.dumps(
        {
            "AlarmName": "moto-cpu",
            "AlarmDescription": "CPU of the shop",
            "AWSAccountId": "123456789012",
            "NewStateValue": state,
            "OldStateValue": was,
            "NewStateReason": "Threshold Crossed: 1 datapoint [97.0] was greater than the threshold (90.0).",
            "StateChangeTime": "2026-11-21T06:50:19.033+0000",
            "Region": "EU (Frankfurt)",
            "AlarmArn": "arn:aws:cloudwatch:eu-central-1:123456789012:alarm:moto-cpu",
            "Trigger": {"MetricName": "CPUUtilization", "Namespace": "AWS/EC2", "Dimensions": [{"name": "InstanceId", "value": "i-1"}]},
        }
    )


step("ALARM", lambda: sns.publish(TopicArn=topic, Subject="ALARM: moto-cpu", Message=alarm("ALARM", "OK"))["MessageId"])
step("OK", lambda: sns.publish(TopicArn=topic, Subject="OK: moto-cpu", Message=alarm("OK", "ALARM"))["MessageId"])
