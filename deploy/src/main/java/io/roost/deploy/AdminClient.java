package io.roost.deploy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.ConnectException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;

/**
 * Asks a node's admin API. Every request carries {@code Authorization: Bearer TOKEN}. Bodies are JSON both ways; times
 * are ISO 8601 in UTC, sizes are bytes. A refusal has status 400, 401, 404 or 409 and the body
 * {@code {"code": "NoSuchUser", "message": "..."}}. Names in paths are percent-encoded.
 *
 * <pre>
 * request                        body                                      answer
 * GET /status                                                              200 {fsid, version, health, checks: [text],
 *                                                                          s3, startedAt, osds: [{id, up, usedBytes,
 *                                                                          capacityBytes}], pools: [{id, name, pgs,
 *                                                                          size}], flags: [text], pgs: [{state, pgs}],
 *                                                                          recovery?: {copies, degraded, misplaced,
 *                                                                          unfound, leftBytes}, damaged: [{pool,
 *                                                                          bucket, key, where, detail, seenAt}]}
 * GET /users                                                               200 {users: [{name, displayName, email, admin}]}
 * POST /users                    {name, displayName?, email?, accessKey?,  201 {name, displayName, email, admin, accessKey,
 *                                secretKey?}                               secretKey?: only when it was made here}
 * DELETE /users/NAME                                                       204; 409 UserHasBuckets
 * GET /users/NAME/keys                                                     200 {keys: [{accessKey, createdAt}]}
 * POST /users/NAME/keys          {accessKey?, secretKey?}                  201 {accessKey, secretKey?}
 * DELETE /users/NAME/keys/KEY                                              204
 * GET /cluster/health                                                      200 {health, checks: [{code, severity, summary,
 *                                                                          remedy, details}]}
 * GET /osds                                                                200 {mapEpoch, flags: [text], tree: [{id, depth,
 *                                                                          type, name, weight, status, reweight}]}
 * GET /osds/usage                                                          200 {mapEpoch, osds: [{id, status, weight,
 *                                                                          reweight, pgs, usedBytes, capacityBytes,
 *                                                                          usedPercent, commitMicros}]}
 * POST /osds/ID/in                                                         200 {result, mapEpoch}, as all of these; also
 *                                                                          /out and /down; 409 Refused
 * POST /osds/ID/reweight         {weight}: 0 to 1                          200
 * POST /osds/ID/lost             {acceptDataLoss: true}                    200; 409 NeedsConsent
 * POST /osds/ID/purge            {acceptDataLoss?}                         200
 * POST /flags/NAME               {on}                                      200; 404 NoSuchFlag
 * GET /pools                                                               200 {mapEpoch, pools: [{id, name, size, minSize,
 *                                                                          minSizeRises, pgs, rule, objects, sizeBytes}]}
 * POST /pools/NAME               {setting: size or min_size, value,        200
 *                                acceptDataLoss?}
 * GET /pools/NAME/locators/KEY                                             200 {locator, pg, up, acting, mapEpoch}: where
 *                                                                          it is, whether or not it has anything yet;
 *                                                                          404 NoSuchPool
 * GET /crush                                                               200 {mapEpoch, text}: as crushtool reads it
 * POST /crush/changes            {change, ...}: add-bucket {name, type,    200
 *                                parent?}, rm-bucket {name}, move {name,
 *                                parent}, weight {osd, weight: TiB},
 *                                class {osd, class}, add-rule {name,
 *                                root, domain, class?}, rm-rule {name},
 *                                import {text}
 * POST /crush/diff               the same                                  200 {mapEpoch, pgs, changedPgs, newReplicas,
 *                                                                          newReplicaBytes, osds: [{id, pgsBefore,
 *                                                                          pgsAfter, change}], moves: [{pg, before,
 *                                                                          after}]}: nothing is changed
 * POST /hosts/NAME/remove        {}                                        200 {result}; 404 NoSuchHost, 409 HasOsds
 * GET /config                                                              200 {settings: [{setting, default, meaning}],
 *                                                                          set: [{who, setting, value}]}: of OSDs
 * POST /config/WHO/SETTING       {value: text}: WHO osd osd.3 mon global   200 {result}; 404 NoSuchSetting
 * DELETE /config/WHO/SETTING                                               204: what holds when nothing is said
 * GET /pgs                                                                 200 {mapEpoch, pgs: [{pg, state, up, acting,
 *                                                                          objects, sizeBytes, scrubErrors, lastScrub,
 *                                                                          lastDeepScrub, ...}]}
 * GET /pgs/PG                                                              200 {pg, state, mapEpoch, up, acting, primary,
 *                                                                          peering?, unfound, reservation, waitsFor,
 *                                                                          blockedBy, downOsdsWeWouldProbe, copies,
 *                                                                          pastIntervals, ...}; 404 NoSuchPg;
 *                                                                          503 NoPrimary, NoAnswer
 * POST /pgs/PG/deep-scrub        {}                                        200 {pg, osd, kind, start: begins or under-way},
 *                                                                          as /scrub and /repair; 404 NoSuchPg;
 *                                                                          409 NotClean
 * POST /tokens                   {}                                        201 {token, expiresAt}; 409 NoAuthority
 * GET /buckets                                                             200 {buckets: [{name, owner, createdAt,
 *                                                                          shards, placement}]}
 * POST /buckets                  {name, owner?, shards?, placement?}       201 {name, owner, createdAt, shards, placement}
 * GET /buckets/NAME                                                        200 {name, id, owner, createdAt, shards,
 *                                                                          placement, versioning, objects, sizeBytes,
 *                                                                          versions, uploads}
 * DELETE /buckets/NAME                                                     204; 409 BucketNotEmpty
 * GET /mailboxes                                                           200 {mailboxes: [{name, account, createdAt}]};
 *                                                                          409 MailIsOff
 * POST /mailboxes                {name, password}                          201 {name, account, createdAt}; 409 MailboxExists
 * GET /mailboxes/NAME                                                      200 {name, account, createdAt, usedBytes,
 *                                                                          usedMessages, limitBytes, limitMessages,
 *                                                                          expungedMessages, folders: [{path, messages,
 *                                                                          unseen, bytes, uidValidity, uidNext}]}
 * POST /mailboxes/NAME/password  {password}                                204
 * POST /mailboxes/NAME/name      {name}                                    204; 409 MailboxExists
 * POST /mailboxes/NAME/quota     {bytes?, messages?}: 0 for no limit       204
 * GET /mailboxes/NAME/expunged                                             200 {messages: [{folder, uid, bytes, date,
 *                                                                          keptUntil}]}: what can be had back
 * POST /mailboxes/NAME/undelete  {folder}                                  200 {restored}
 * POST /mailboxes/NAME/verify    {bodies?}                                 200 {findings: [{folder, uid, what}], folders,
 *                                                                          messages, unsettledFolders}
 * POST /mailboxes/NAME/checkpoint                                          200 {checkpoint, messages, expungedMessages}
 * POST /mailboxes/NAME/rebuild                                             200 {checkpoint, messages, messagesAfterCheckpoint,
 *                                                                          expungedMessages, messagesWithoutBody,
 *                                                                          unreadableBodies, bodiesWithoutMessage,
 *                                                                          notKnown: [in words]}
 * POST /mailboxes/NAME/import    {maildir | mbox: path, folder?,           200 {folders: [{path, messages, present, uids}],
 *                                newUids?}: a path on the node             skipped: [{where, why}]}; 409 MailboxHasUids
 * POST /mailboxes/NAME/export    {maildir | mbox: path}                    200 {folders: [{path, messages}], skipped}
 * DELETE /mailboxes/NAME                                                   204: the account's mail stays
 * POST /gc                       {all: false}                              200 {stripeSets, intents, uploads, ...}: numbers
 *                                                                          of what was removed; all: also what is not
 *                                                                          due yet
 * POST /verify                   {}                                        200 {findings: [{kind, where, detail}],
 *                                                                          checked: {kind: number}}
 * </pre>
 */
public final class AdminClient {
    /** For an answer that the node has in memory. */
    private static final Duration SHORT = Duration.ofSeconds(30);

    /** For one that reads all the data. */
    private static final Duration LONG = Duration.ofHours(6);

    private static final Duration CONNECT = Duration.ofSeconds(5);
    private static final ObjectMapper JSON = new ObjectMapper();

    private final URI url;
    private final String token;
    private final Path folder;

    /**
     * A client of one node.
     *
     * @param url {@code http://HOST:PORT}
     * @param token its bearer token
     */
    public AdminClient(URI url, String token) {
        this(url, token, null);
    }

    private AdminClient(URI url, String token, Path folder) {
        this.url = Objects.requireNonNull(url, "url");
        this.token = Objects.requireNonNull(token, "token");
        this.folder = folder;
    }

    /**
     * A client of the node whose data is in a folder.
     *
     * @throws CommandFailure when no node runs there
     */
    static AdminClient ofFolder(Path folder) {
        Path file = folder.resolve(DataFolder.ADMIN_FILE);
        try {
            JsonNode admin = JSON.readTree(Files.readString(file, StandardCharsets.UTF_8));
            return new AdminClient(
                    new URI(admin.path("url").asText()), admin.path("token").asText(), folder);
        } catch (NoSuchFileException e) {
            throw noNode(folder);
        } catch (IOException | URISyntaxException e) {
            throw new CommandFailure(CommandFailure.COULD_NOT_RUN, "cannot read " + file + ": " + Reason.of(e));
        }
    }

    private static CommandFailure noNode(Path folder) {
        return new CommandFailure(
                CommandFailure.COULD_NOT_RUN, "no node runs on " + folder + "; start one with `roost dev`");
    }

    /** A path of segments, each percent-encoded. */
    static String path(String... segments) {
        StringBuilder path = new StringBuilder();
        for (String segment : segments) {
            path.append('/')
                    .append(URLEncoder.encode(segment, StandardCharsets.UTF_8).replace("+", "%20"));
        }
        return path.toString();
    }

    /** Reads. */
    JsonNode get(String path) {
        return exchange("GET", path, null, SHORT);
    }

    /** Creates. */
    JsonNode post(String path, JsonNode body) {
        return exchange("POST", path, body, SHORT);
    }

    /** Asks for work that may take long. */
    JsonNode run(String path, JsonNode body) {
        return exchange("POST", path, body, LONG);
    }

    /** Removes. */
    void delete(String path) {
        exchange("DELETE", path, null, SHORT);
    }

    private JsonNode exchange(String method, String path, JsonNode body, Duration limit) {
        try {
            HttpURLConnection connection =
                    (HttpURLConnection) url.resolve(path).toURL().openConnection();
            connection.setConnectTimeout((int) CONNECT.toMillis());
            connection.setReadTimeout((int) limit.toMillis());
            connection.setRequestMethod(method);
            connection.setRequestProperty("Authorization", "Bearer " + token);
            if (body != null) {
                connection.setRequestProperty("Content-Type", "application/json");
                connection.setDoOutput(true);
                try (OutputStream out = connection.getOutputStream()) {
                    out.write(JSON.writeValueAsBytes(body));
                }
            }
            return answer(connection);
        } catch (ConnectException e) {
            // Killed: a node that is stopped removes the file with its address.
            throw folder == null ? noAnswer(e) : noNode(folder);
        } catch (IOException e) {
            throw noAnswer(e);
        }
    }

    private CommandFailure noAnswer(IOException failure) {
        return new CommandFailure(
                CommandFailure.COULD_NOT_RUN, "no answer from the node at " + url + ": " + Reason.of(failure));
    }

    private JsonNode answer(HttpURLConnection connection) throws IOException {
        int status = connection.getResponseCode();
        byte[] bytes;
        try (InputStream in = status >= 400 ? connection.getErrorStream() : connection.getInputStream()) {
            bytes = in == null ? new byte[0] : in.readAllBytes();
        }
        JsonNode answer = bytes.length == 0 ? MissingNode.getInstance() : parsed(bytes, status);
        if (status >= 200 && status < 300) {
            return answer;
        }
        String message = answer.path("message").asText("the node answered " + status);
        // What the node understood and refused is a failure; that it could not be asked is another thing.
        boolean isRefusal = status == 404 || status == 409 || status == 400;
        throw new CommandFailure(isRefusal ? CommandFailure.FAILED : CommandFailure.COULD_NOT_RUN, message);
    }

    private JsonNode parsed(byte[] bytes, int status) throws IOException {
        try {
            return JSON.readTree(bytes);
        } catch (JsonProcessingException e) {
            throw new IOException("status " + status + " with a body that is no JSON", e);
        }
    }
}
