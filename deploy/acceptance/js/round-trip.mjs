// Round trips of @aws-sdk/client-s3 with an S3 endpoint. Usage: node round-trip.mjs ENDPOINT BUCKET
// The keys are in AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY. Prints "ok" at the end; a failed check is an exception.
import assert from 'node:assert/strict';
import { createHash, randomBytes } from 'node:crypto';
import { Readable } from 'node:stream';
import {
  CompleteMultipartUploadCommand,
  CopyObjectCommand,
  CreateBucketCommand,
  CreateMultipartUploadCommand,
  DeleteBucketCommand,
  DeleteObjectsCommand,
  GetObjectCommand,
  HeadObjectCommand,
  paginateListObjectsV2,
  PutObjectCommand,
  S3Client,
  UploadPartCommand,
} from '@aws-sdk/client-s3';

const [endpoint, Bucket] = process.argv.slice(2);
const s3 = new S3Client({ endpoint, region: 'us-east-1', forcePathStyle: true, maxAttempts: 1 });

async function bytes(input) {
  const answer = await s3.send(new GetObjectCommand({ Bucket, ...input }));
  return Buffer.from(await answer.Body.transformToByteArray());
}

async function objects() {
  const body = randomBytes(100_000);
  const Key = 'dir/a key+with%signs ü';
  const put = await s3.send(
    new PutObjectCommand({ Bucket, Key, Body: body, ContentType: 'text/x-test', Metadata: { colour: 'dark blue' } }),
  );
  assert.equal(put.ETag, `"${createHash('md5').update(body).digest('hex')}"`);
  assert.ok(put.ChecksumCRC32);
  assert.deepEqual(await bytes({ Key }), body);
  assert.deepEqual(await bytes({ Key, Range: 'bytes=10-19' }), body.subarray(10, 20));
  const head = await s3.send(new HeadObjectCommand({ Bucket, Key, ChecksumMode: 'ENABLED' }));
  assert.equal(head.ContentLength, body.length);
  assert.equal(head.ContentType, 'text/x-test');
  assert.equal(head.ChecksumCRC32, put.ChecksumCRC32);
  assert.deepEqual(head.Metadata, { colour: 'dark blue' });
  // A stream has no checksum before it is sent: the SDK sends a trailer.
  const stream = Readable.from([body.subarray(0, 65_536), body.subarray(65_536)]);
  await s3.send(new PutObjectCommand({ Bucket, Key: 'stream', Body: stream, ContentLength: body.length }));
  assert.deepEqual(await bytes({ Key: 'stream' }), body);
  await s3.send(new CopyObjectCommand({ Bucket, Key: 'copy', CopySource: encodeURIComponent(`${Bucket}/${Key}`) }));
  assert.deepEqual(await bytes({ Key: 'copy' }), body);
  await assert.rejects(bytes({ Key: 'none' }), { name: 'NoSuchKey' });
  await assert.rejects(
    s3.send(new PutObjectCommand({ Bucket, Key, Body: 'other', IfNoneMatch: '*' })),
    (e) => e.$metadata.httpStatusCode === 412,
  );
}

async function multipart() {
  const Key = 'parts';
  const body = randomBytes(11 * 1024 * 1024);
  const { UploadId } = await s3.send(new CreateMultipartUploadCommand({ Bucket, Key }));
  const Parts = [];
  for (let PartNumber = 1; PartNumber <= 3; PartNumber++) {
    const Body = body.subarray((PartNumber - 1) * 5 * 1024 * 1024, PartNumber * 5 * 1024 * 1024);
    const part = await s3.send(new UploadPartCommand({ Bucket, Key, UploadId, PartNumber, Body }));
    Parts.push({ PartNumber, ETag: part.ETag, ChecksumCRC32: part.ChecksumCRC32 });
  }
  await s3.send(new CompleteMultipartUploadCommand({ Bucket, Key, UploadId, MultipartUpload: { Parts } }));
  assert.deepEqual(await bytes({ Key }), body);
}

async function listings() {
  const keys = [];
  for (let i = 0; i < 30; i++) keys.push(`list/${String(i).padStart(2, '0')} ü+%`);
  await Promise.all(keys.map((Key) => s3.send(new PutObjectCommand({ Bucket, Key, Body: Key }))));
  const listed = [];
  for await (const page of paginateListObjectsV2({ client: s3, pageSize: 7 }, { Bucket, Prefix: 'list/' })) {
    listed.push(...page.Contents.map((object) => object.Key));
  }
  assert.deepEqual(listed, keys);
}

async function remove() {
  for await (const page of paginateListObjectsV2({ client: s3 }, { Bucket })) {
    const Objects = page.Contents.map(({ Key }) => ({ Key }));
    const deleted = await s3.send(new DeleteObjectsCommand({ Bucket, Delete: { Objects } }));
    assert.equal(deleted.Deleted.length, Objects.length);
  }
  await s3.send(new DeleteBucketCommand({ Bucket }));
}

await s3.send(new CreateBucketCommand({ Bucket }));
await objects();
await multipart();
await listings();
await remove();
console.log('ok');
