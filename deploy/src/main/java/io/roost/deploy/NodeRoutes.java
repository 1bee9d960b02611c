package io.roost.deploy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.roost.cluster.daemon.AdminException;
import io.roost.cluster.daemon.AdminRoute;
import io.roost.cluster.daemon.AdminRoute.Answer;
import io.roost.cluster.daemon.DamagedEntries;
import io.roost.cluster.daemon.OsdNode;
import io.roost.cluster.map.OsdInfo;
import io.roost.cluster.map.OsdMap;
import io.roost.cluster.map.Pool;
import io.roost.cluster.object.Locator;
import io.roost.cluster.store.StoreSpace;
import io.roost.objectstore.admin.AdminFailure;
import io.roost.objectstore.admin.BucketAdmin;
import io.roost.objectstore.admin.ObjectNames;
import io.roost.objectstore.admin.UserDirectory;
import io.roost.objectstore.auth.Identity;
import io.roost.objectstore.layout.AccessKeyRecord;
import io.roost.objectstore.layout.BucketRecord;
import io.roost.objectstore.layout.UserRecord;
import io.vertx.core.Future;
import io.vertx.core.http.HttpMethod;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** The routes of a node's admin API; {@link AdminClient} has their table. */
final class NodeRoutes {
    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    private final Node node;
    private final ClusterRoutes cluster;
    private final Instant startedAt = Instant.now().truncatedTo(ChronoUnit.SECONDS);

    NodeRoutes(Node node) {
        this.node = node;
        this.cluster = new ClusterRoutes(node::cluster);
    }

    List<AdminRoute> all() {
        List<AdminRoute> routes = new ArrayList<>();
        routes.add(new AdminRoute(
                HttpMethod.GET,
                "/status",
                request -> damaged()
                        .compose(damaged -> new ClusterStatus(node.cluster().client())
                                .told()
                                .map(told -> Answer.ok(status(damaged, told))))));
        routes.add(route(HttpMethod.GET, "/users", request -> users().users().map(NodeRoutes::users)));
        routes.add(route(HttpMethod.POST, "/users", this::createUser));
        routes.add(route(
                HttpMethod.DELETE,
                "/users/{name}",
                request -> users().removeUser(request.parameters().get("name")).map(Answer.gone())));
        routes.add(route(
                HttpMethod.GET,
                "/users/{name}/keys",
                request -> users().keys(request.parameters().get("name")).map(NodeRoutes::keys)));
        routes.add(route(HttpMethod.POST, "/users/{name}/keys", this::createKey));
        routes.add(route(
                HttpMethod.DELETE,
                "/users/{name}/keys/{key}",
                request -> users().removeKey(
                                request.parameters().get("name"),
                                request.parameters().get("key"))
                        .map(Answer.gone())));
        routes.add(route(
                HttpMethod.GET, "/buckets", request -> node.buckets().list().compose(this::buckets)));
        routes.add(route(HttpMethod.POST, "/buckets", this::createBucket));
        routes.add(route(
                HttpMethod.GET,
                "/buckets/{name}",
                request -> node.buckets().stat(request.parameters().get("name")).compose(this::stat)));
        routes.add(route(
                HttpMethod.DELETE,
                "/buckets/{name}",
                request ->
                        node.buckets().remove(request.parameters().get("name")).map(Answer.gone())));
        routes.add(route(
                HttpMethod.POST,
                "/gc",
                request -> node.maintenance()
                        .gc(request.body().path("all").asBoolean())
                        .map(Answer::ok)));
        routes.add(route(
                HttpMethod.POST,
                "/verify",
                request -> node.maintenance().verify().map(Answer::ok)));
        routes.addAll(cluster.all());
        routes.addAll(new MailRoutes(node.mail()).all());
        return routes;
    }

    private Future<Map<String, String>> userNames() {
        return users().users().map(users -> {
            Map<String, String> names = new TreeMap<>();
            users.forEach(user -> names.put(user.id(), user.name()));
            return names;
        });
    }

    private static ObjectNode json(BucketRecord bucket, Map<String, String> userNames) {
        return JSON.objectNode()
                .put("name", bucket.name())
                .put("owner", userNames.getOrDefault(bucket.owner(), bucket.owner()))
                .put("createdAt", Instant.ofEpochMilli(bucket.createdMillis()).toString())
                .put("shards", bucket.layout().salts().size())
                .put("placement", bucket.layout().placement().text());
    }

    private Future<Answer> buckets(List<BucketRecord> buckets) {
        return userNames().map(names -> {
            ObjectNode answer = JSON.objectNode();
            ArrayNode list = answer.putArray("buckets");
            buckets.forEach(bucket -> list.add(json(bucket, names)));
            return Answer.ok(answer);
        });
    }

    private Future<Answer> createBucket(AdminRoute.Request request) {
        JsonNode body = request.body();
        Integer shards = body.path("shards").isInt() ? body.path("shards").asInt() : null;
        String owner = body.path("owner").asText(DevCommand.USER);
        String name = required(body, "name");
        Node.requireBucketName(name);
        return node.buckets()
                .create(name, owner, shards, text(body, "placement"))
                .compose(bucket -> userNames().map(names -> Answer.created(json(bucket, names))));
    }

    private Future<Answer> stat(BucketAdmin.Stat stat) {
        return userNames()
                .map(names -> Answer.ok(json(stat.record(), names)
                        .put("id", stat.record().id().hex())
                        .put("versioning", stat.record().versioning().name().toLowerCase(Locale.ROOT))
                        .put("objects", stat.counters().objects())
                        .put("sizeBytes", stat.counters().bytes())
                        .put("deleteMarkers", stat.counters().deleteMarkers())));
    }

    private UserDirectory users() {
        return node.users();
    }

    /** A route whose refusals are told as the admin API tells them. */
    private static AdminRoute route(HttpMethod method, String path, AdminRoute.Handler handler) {
        return new AdminRoute(method, path, request -> {
            Future<Answer> answer;
            try {
                answer = handler.handle(request);
            } catch (IllegalArgumentException malformed) {
                answer = Future.failedFuture(
                        new AdminException(400, "InvalidArgument", String.valueOf(malformed.getMessage())));
            }
            return answer.recover(failure -> Future.failedFuture(told(failure)));
        });
    }

    private static Throwable told(Throwable failure) {
        if (failure instanceof AdminFailure refused) {
            int status = switch (refused.kind()) {
                case INVALID -> 400;
                case NOT_FOUND -> 404;
                case CONFLICT -> 409;
            };
            return new AdminException(status, refused.code(), refused.getMessage());
        }
        return failure;
    }

    /** What the OSD has met that is damaged, by the names of the objects. */
    private Future<ArrayNode> damaged() {
        List<DamagedEntries.Damage> damages = new ArrayList<>();
        node.cluster()
                .osds()
                .forEach(osd -> damages.addAll(osd.daemon().damaged().newestFirst()));
        ArrayNode list = JSON.arrayNode();
        if (damages.isEmpty()) {
            return Future.succeededFuture(list);
        }
        return node.objectNames().compose(names -> {
            List<Future<?>> named = new ArrayList<>(damages.size());
            for (DamagedEntries.Damage damage : damages) {
                ObjectNode item = list.addObject();
                named.add(name(names, damage)
                        .map(name -> item.put("pool", poolName(damage.locator()))
                                .put("bucket", name.bucket())
                                .put("key", name.key())
                                .put("where", name.where())
                                .put("detail", damage.detail())
                                .put(
                                        "seenAt",
                                        Instant.ofEpochMilli(damage.seenMillis())
                                                .toString())));
            }
            return Future.all(named).map(list);
        });
    }

    private static Future<ObjectNames.ObjectName> name(ObjectNames names, DamagedEntries.Damage damage) {
        return damage.locator() == null
                ? Future.succeededFuture(new ObjectNames.ObjectName("", "", ""))
                : names.of(damage.locator(), damage.name());
    }

    private String poolName(Locator locator) {
        Pool pool = locator == null ? null : node.cluster().rados().map().pool(locator.pool());
        return pool == null ? "" : pool.name();
    }

    private ObjectNode status(ArrayNode damaged, ClusterStatus.Told told) {
        OsdMap map = node.cluster().rados().map();
        ArrayNode checks = JSON.arrayNode();
        String health = ClusterRoutes.level(told.checks());
        told.checks().forEach(check -> checks.add(check.code() + ": " + check.summary()));
        for (OsdNode osd : node.cluster().osds()) {
            StoreSpace.Level level = osd.store().space().level();
            if (level == StoreSpace.Level.NEARFULL) {
                health = health.equals("HEALTH_OK") ? "HEALTH_WARN" : health;
                checks.add("OSD_NEARFULL: osd." + osd.osd() + " is near full: delete something, or give it more room");
            } else if (level == StoreSpace.Level.FULL) {
                health = "HEALTH_ERR";
                checks.add("OSD_FULL: osd." + osd.osd() + " is full and refuses writes; deletes go on");
            }
            int count = osd.daemon().damaged().newestFirst().size();
            if (count > 0) {
                health = "HEALTH_ERR";
                checks.add("OSD_SCRUB_ERRORS: osd." + osd.osd() + " has " + count
                        + " damaged entries, which are not served: see damaged, and run `roost verify`");
            }
        }
        ObjectNode status = JSON.objectNode();
        status.put("fsid", map.fsid().toString());
        status.put("version", String.valueOf(Main.version()));
        status.put("health", health);
        status.set("checks", checks);
        status.put("s3", node.s3Endpoint().toString());
        status.put("startedAt", startedAt.toString());
        status.put("mapEpoch", map.epoch());
        status.set("flags", ClusterRoutes.flags(map));
        cluster.addMonitors(status);
        ArrayNode osds = status.putArray("osds");
        for (OsdInfo osd : map.osds()) {
            ObjectNode item = osds.addObject().put("id", osd.id()).put("up", map.isUp(osd.id()));
            for (OsdNode here : node.cluster().osds()) {
                if (here.osd() == osd.id()) {
                    StoreSpace space = here.store().space();
                    item.put("usedBytes", space.usedBytes()).put("capacityBytes", space.totalBytes());
                }
            }
        }
        ArrayNode pools = status.putArray("pools");
        for (Pool pool : map.pools()) {
            pools.addObject()
                    .put("id", pool.id())
                    .put("name", pool.name())
                    .put("pgs", pool.pgNum())
                    .put("size", pool.size());
        }
        status.set("pgs", told.pgs());
        if (!told.recovery().isEmpty()) {
            status.set("recovery", told.recovery());
        }
        status.set("damaged", damaged);
        return status;
    }

    private static Answer users(List<UserRecord> users) {
        ObjectNode answer = JSON.objectNode();
        ArrayNode list = answer.putArray("users");
        users.forEach(user -> list.add(json(user)));
        return Answer.ok(answer);
    }

    private static ObjectNode json(UserRecord user) {
        return JSON.objectNode()
                .put("name", user.name())
                .put("displayName", user.displayName())
                .put("email", user.email())
                .put("admin", user.isAdmin());
    }

    private Future<Answer> createUser(AdminRoute.Request request) {
        JsonNode body = request.body();
        String name = required(body, "name");
        String secret = text(body, "secretKey");
        return users().createUser(
                        name,
                        body.path("displayName").asText(name),
                        body.path("email").asText(""),
                        Identity.Role.USER)
                .compose(user -> users().createKey(name, text(body, "accessKey"), secret)
                        .map(key -> {
                            ObjectNode answer = json(user).put("accessKey", key.accessKey());
                            if (secret == null) {
                                answer.put("secretKey", key.secret());
                            }
                            return Answer.created(answer);
                        }));
    }

    private Future<Answer> createKey(AdminRoute.Request request) {
        String secret = text(request.body(), "secretKey");
        return users().createKey(request.parameters().get("name"), text(request.body(), "accessKey"), secret)
                .map(key -> {
                    ObjectNode answer = JSON.objectNode().put("accessKey", key.accessKey());
                    if (secret == null) {
                        answer.put("secretKey", key.secret());
                    }
                    return Answer.created(answer);
                });
    }

    private static Answer keys(List<AccessKeyRecord> keys) {
        ObjectNode answer = JSON.objectNode();
        ArrayNode list = answer.putArray("keys");
        for (AccessKeyRecord key : keys) {
            list.addObject()
                    .put("accessKey", key.accessKey())
                    .put("createdAt", Instant.ofEpochMilli(key.createdMillis()).toString());
        }
        return Answer.ok(answer);
    }

    private static String text(JsonNode body, String field) {
        return body.path(field).isTextual() ? body.path(field).asText() : null;
    }

    private static String required(JsonNode body, String field) {
        String value = text(body, field);
        if (value == null || value.isEmpty()) {
            throw new AdminException(400, "InvalidArgument", field + " is needed");
        }
        return value;
    }
}
