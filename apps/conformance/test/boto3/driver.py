"""boto3, driven line by line: {"operation", "arguments", "signed"} in, {"value"} or {"error"} out."""
import datetime
import json
import sys

import boto3
from botocore import UNSIGNED
from botocore.config import Config
from botocore.exceptions import ClientError

endpoint, region, access_key_id, secret_access_key = sys.argv[1:5]
session = boto3.session.Session(aws_access_key_id=access_key_id, aws_secret_access_key=secret_access_key, region_name=region)
clients = {
    True: session.client("cognito-idp", endpoint_url=endpoint),
    False: session.client("cognito-idp", endpoint_url=endpoint, config=Config(signature_version=UNSIGNED)),
}


def plain(value):
    if isinstance(value, datetime.datetime):
        return {"datetime": value.timestamp()}
    raise TypeError(type(value).__name__)


for line in sys.stdin:
    call = json.loads(line)
    try:
        value = getattr(clients[call["signed"]], call["operation"])(**call["arguments"])
        answer = {"value": value}
    except ClientError as error:
        answer = {"error": {"name": error.response["Error"]["Code"], "message": error.response["Error"]["Message"]}}
    except Exception as error:  # whatever it is, the test is told: it must not wait for a dead driver
        answer = {"error": {"name": type(error).__name__, "message": str(error)}}
    print(json.dumps(answer, default=plain), flush=True)
