#!/usr/bin/python3
"""Round trips of Debian's python3-boto3 with an S3 endpoint. Usage: round_trip.py ENDPOINT BUCKET [CA_FILE]

CA_FILE is what an https endpoint's certificate is checked with. The keys are in AWS_ACCESS_KEY_ID and
AWS_SECRET_ACCESS_KEY. Prints "ok" at the end; a failed check is an AssertionError.
"""
import hashlib
import io
import random
import ssl
import sys
import urllib.error
import urllib.request

import boto3
from boto3.s3.transfer import TransferConfig
from botocore.client import Config
from botocore.exceptions import ClientError

ENDPOINT, BUCKET = sys.argv[1:3]
CA_FILE = sys.argv[3] if len(sys.argv) > 3 else None
TLS = ssl.create_default_context(cafile=CA_FILE)
RANDOM = random.Random(4711)


def client(signature="s3v4"):
    return boto3.client(
        "s3",
        endpoint_url=ENDPOINT,
        region_name="us-east-1",
        verify=CA_FILE,
        config=Config(signature_version=signature, s3={"addressing_style": "path"}, retries={"max_attempts": 1}),
    )


def code_of(call, **arguments):
    """The error code of a call that must fail."""
    try:
        call(**arguments)
    except ClientError as e:
        return e.response["Error"]["Code"]
    raise AssertionError(f"{arguments} succeeded")


def equal(actual, expected):
    assert actual == expected, f"{actual!r} is not {expected!r}"


def objects(s3):
    body = RANDOM.randbytes(10_000)
    put = s3.put_object(
        Bucket=BUCKET,
        Key="folder/a key+with%signs",
        Body=body,
        ContentType="text/x-test",
        CacheControl="max-age=60",
        ContentDisposition='attachment; filename="a b"',
        Metadata={"colour": "dark blue", "empty": ""},
    )
    equal(put["ETag"], '"' + hashlib.md5(body).hexdigest() + '"')
    got = s3.get_object(Bucket=BUCKET, Key="folder/a key+with%signs")
    equal(got["Body"].read(), body)
    equal(got["ContentType"], "text/x-test")
    equal(got["CacheControl"], "max-age=60")
    equal(got["ContentDisposition"], 'attachment; filename="a b"')
    equal(got["Metadata"], {"colour": "dark blue", "empty": ""})
    head = s3.head_object(Bucket=BUCKET, Key="folder/a key+with%signs")
    equal(head["ContentLength"], len(body))
    equal(head["ETag"], put["ETag"])
    part = s3.get_object(Bucket=BUCKET, Key="folder/a key+with%signs", Range="bytes=-100")
    equal(part["Body"].read(), body[-100:])
    equal(part["ContentRange"], "bytes 9900-9999/10000")
    overridden = s3.get_object(Bucket=BUCKET, Key="folder/a key+with%signs", ResponseContentType="image/png")
    equal(overridden["ContentType"], "image/png")
    equal(code_of(s3.get_object, Bucket=BUCKET, Key="folder/a key+with%signs", Range="bytes=10000-"), "InvalidRange")
    equal(code_of(s3.get_object, Bucket=BUCKET, Key="folder/a key+with%signs", IfNoneMatch=put["ETag"]), "304")
    equal(code_of(s3.get_object, Bucket=BUCKET, Key="folder/a key+with%signs", IfMatch='"0"'), "PreconditionFailed")
    equal(code_of(s3.get_object, Bucket=BUCKET, Key="none"), "NoSuchKey")
    equal(code_of(s3.head_object, Bucket=BUCKET, Key="none"), "404")
    equal(code_of(s3.get_object, Bucket=BUCKET + "-none", Key="none"), "NoSuchBucket")


def copies(s3):
    s3.put_object(Bucket=BUCKET, Key="copy/from ü", Body=b"copied", Metadata={"a": "1"})
    source = {"Bucket": BUCKET, "Key": "copy/from ü"}
    s3.copy_object(Bucket=BUCKET, Key="copy/to", CopySource=source)
    equal(s3.get_object(Bucket=BUCKET, Key="copy/to")["Metadata"], {"a": "1"})
    equal(code_of(s3.copy_object, Bucket=BUCKET, Key="copy/from ü", CopySource=source), "InvalidRequest")
    s3.copy_object(
        Bucket=BUCKET, Key="copy/from ü", CopySource=source, MetadataDirective="REPLACE", Metadata={"a": "2"}
    )
    got = s3.get_object(Bucket=BUCKET, Key="copy/from ü")
    equal((got["Metadata"], got["Body"].read()), ({"a": "2"}, b"copied"))
    s3.delete_object(Bucket=BUCKET, Key="copy/to")
    equal(code_of(s3.get_object, Bucket=BUCKET, Key="copy/to"), "NoSuchKey")
    s3.delete_object(Bucket=BUCKET, Key="copy/to")


def multipart(s3):
    body = RANDOM.randbytes(12 * 1024 * 1024 + 17)
    config = TransferConfig(multipart_threshold=5 * 1024 * 1024, multipart_chunksize=5 * 1024 * 1024)
    s3.upload_fileobj(io.BytesIO(body), BUCKET, "large", ExtraArgs={"Metadata": {"m": "x"}}, Config=config)
    back = io.BytesIO()
    s3.download_fileobj(BUCKET, "large", back, Config=config)
    equal(hashlib.sha256(back.getvalue()).digest(), hashlib.sha256(body).digest())
    head = s3.head_object(Bucket=BUCKET, Key="large")
    sums = b"".join(hashlib.md5(body[i : i + 5 * 1024 * 1024]).digest() for i in range(0, len(body), 5 * 1024 * 1024))
    equal(head["ETag"], '"' + hashlib.md5(sums).hexdigest() + '-3"')
    equal(head["Metadata"], {"m": "x"})

    upload = s3.create_multipart_upload(Bucket=BUCKET, Key="parts")["UploadId"]
    first = s3.upload_part(Bucket=BUCKET, Key="parts", UploadId=upload, PartNumber=2, Body=b"end")
    copied = s3.upload_part_copy(
        Bucket=BUCKET,
        Key="parts",
        UploadId=upload,
        PartNumber=1,
        CopySource={"Bucket": BUCKET, "Key": "large"},
        CopySourceRange="bytes=0-5242879",
    )
    listed = s3.list_parts(Bucket=BUCKET, Key="parts", UploadId=upload)["Parts"]
    equal([(p["PartNumber"], p["Size"]) for p in listed], [(1, 5242880), (2, 3)])
    uploads = s3.list_multipart_uploads(Bucket=BUCKET)["Uploads"]
    equal([(u["Key"], u["UploadId"]) for u in uploads], [("parts", upload)])
    parts = [
        {"PartNumber": 1, "ETag": copied["CopyPartResult"]["ETag"]},
        {"PartNumber": 2, "ETag": first["ETag"]},
    ]
    wrong = {"Parts": list(reversed(parts))}
    arguments = {"Bucket": BUCKET, "Key": "parts", "UploadId": upload}
    equal(code_of(s3.complete_multipart_upload, MultipartUpload=wrong, **arguments), "InvalidPartOrder")
    s3.complete_multipart_upload(MultipartUpload={"Parts": parts}, **arguments)
    equal(s3.get_object(Bucket=BUCKET, Key="parts")["Body"].read(), body[:5242880] + b"end")
    aborted = s3.create_multipart_upload(Bucket=BUCKET, Key="aborted")["UploadId"]
    s3.upload_part(Bucket=BUCKET, Key="aborted", UploadId=aborted, PartNumber=1, Body=b"x")
    s3.abort_multipart_upload(Bucket=BUCKET, Key="aborted", UploadId=aborted)
    equal(code_of(s3.list_parts, Bucket=BUCKET, Key="aborted", UploadId=aborted), "NoSuchUpload")
    assert "Uploads" not in s3.list_multipart_uploads(Bucket=BUCKET)


def listings(s3):
    keys = sorted(f"list/{chr(97 + i % 5)}/{i:03d} ü+%" for i in range(250)) + ["list/z"]
    for key in keys:
        s3.put_object(Bucket=BUCKET, Key=key, Body=key.encode())
    for name in ("list_objects", "list_objects_v2"):
        pages = list(s3.get_paginator(name).paginate(Bucket=BUCKET, Prefix="list/", PaginationConfig={"PageSize": 70}))
        equal([o["Key"] for page in pages for o in page["Contents"]], keys)
        equal(len(pages), 4)
        folders = list(s3.get_paginator(name).paginate(Bucket=BUCKET, Prefix="list/", Delimiter="/", MaxKeys=3))
        equal([p["Prefix"] for page in folders for p in page.get("CommonPrefixes", [])], [f"list/{c}/" for c in "abcde"])
        equal([o["Key"] for page in folders for o in page.get("Contents", [])], ["list/z"])
    after = s3.list_objects_v2(Bucket=BUCKET, Prefix="list/", StartAfter=keys[100], MaxKeys=1, FetchOwner=True)
    equal(after["Contents"][0]["Key"], keys[101])
    assert after["Contents"][0]["Owner"]["ID"]
    deleted = s3.delete_objects(Bucket=BUCKET, Delete={"Objects": [{"Key": k} for k in keys]})
    equal(sorted(d["Key"] for d in deleted["Deleted"]), keys)
    equal(s3.list_objects_v2(Bucket=BUCKET, Prefix="list/")["KeyCount"], 0)


def presigned(s3):
    put = s3.generate_presigned_url("put_object", Params={"Bucket": BUCKET, "Key": "pre signed"}, ExpiresIn=60)
    with urllib.request.urlopen(urllib.request.Request(put, data=b"by url", method="PUT"), context=TLS) as answer:
        equal(answer.status, 200)
    get = s3.generate_presigned_url("get_object", Params={"Bucket": BUCKET, "Key": "pre signed"}, ExpiresIn=60)
    with urllib.request.urlopen(get, context=TLS) as answer:
        equal(answer.read(), b"by url")
    try:
        urllib.request.urlopen(get.replace("X-Amz-Expires=60", "X-Amz-Expires=6000"), context=TLS)
        raise AssertionError("a changed URL was answered")
    except urllib.error.HTTPError as e:
        equal(e.code, 403)


def buckets(s3):
    assert BUCKET in [b["Name"] for b in s3.list_buckets()["Buckets"]]
    equal(s3.get_bucket_location(Bucket=BUCKET)["LocationConstraint"], None)
    s3.head_bucket(Bucket=BUCKET)
    equal(code_of(s3.head_bucket, Bucket=BUCKET + "-none"), "404")
    equal(code_of(s3.delete_bucket, Bucket=BUCKET), "BucketNotEmpty")


def empty(s3):
    for page in s3.get_paginator("list_objects_v2").paginate(Bucket=BUCKET):
        for item in page.get("Contents", []):
            s3.delete_object(Bucket=BUCKET, Key=item["Key"])
    s3.delete_bucket(Bucket=BUCKET)


def main():
    s3 = client()
    s3.create_bucket(Bucket=BUCKET)
    for step in (objects, copies, multipart, listings, presigned, buckets):
        step(s3)
        print(step.__name__, "done")
    empty(s3)
    print("ok")


main()
