package io.roost.deploy.lab;

import io.roost.deploy.RawConnection;
import io.roost.deploy.SignedHttp;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A client that writes keys of its own and reads everybody's, through one gateway or through whichever answers. What it is
 * told goes to the histories, which say whether it may be so. An operation that fails is tried until it succeeds.
 */
final class Client implements Runnable {
    /** What all clients share. */
    record Shared(
            String bucket,
            Gateway.Access access,
            int nodes,
            List<Register> registers,
            List<SharedList> lists,
            List<Folder> folders,
            Violations violations,
            Tally tally,
            BooleanSupplier isOver) {}

    private static final int ONE_GATEWAY_PATIENCE_MILLIS = 70_000;
    /** Who knows other gateways does not wait for one that is stopped. */
    private static final int MANY_GATEWAYS_PATIENCE_MILLIS = 3_000;

    private static final int KEYS = 3;
    private static final int MAX_LIST = 150;
    private static final int[] SIZES = {150, 2_000, 20_000, 400_000};
    private static final int LARGE = 5 << 20;

    /** One write of so many: what it replaces stays on small disks for a quarter of an hour. */
    private static final int LARGE_EVERY = 400;

    private static final Pattern KEY = Pattern.compile("<Key>([^<]*)</Key>");

    private final Shared shared;
    private final String name;
    private final List<Gateway> gateways = new ArrayList<>();
    private final Random random;
    private final Register[] own = new Register[KEYS];
    private final Folder folder;
    private final List<String> inFolder = new ArrayList<>();
    private int at;
    private int made;

    /** @param node the only gateway that it knows, 0 for all */
    Client(Shared shared, String name, int node, long seed) {
        this.shared = shared;
        this.name = name;
        this.random = new Random(seed);
        for (int each = 1; each <= shared.nodes(); each++) {
            if (node == 0 || node == each) {
                int patience = node == 0 ? MANY_GATEWAYS_PATIENCE_MILLIS : ONE_GATEWAY_PATIENCE_MILLIS;
                gateways.add(new Gateway(shared.access(), each, patience));
            }
        }
        this.at = random.nextInt(gateways.size());
        this.folder = new Folder("folder/" + name + "/", shared.violations());
        shared.folders().add(folder);
        for (int i = 0; i < KEYS; i++) {
            own[i] = fresh();
        }
    }

    private Register fresh() {
        Register register = new Register("key/" + name + "/" + made++, shared.violations());
        shared.registers().add(register);
        return register;
    }

    private int tallied() {
        return gateways.size() == 1 ? gateways.get(0).node() : 0;
    }

    @Override
    public void run() {
        try {
            while (!shared.isOver().getAsBoolean()) {
                int dice = random.nextInt(100);
                if (dice < 35) {
                    write(random.nextInt(KEYS));
                } else if (dice < 75) {
                    read(shared.registers()
                            .get(random.nextInt(shared.registers().size())));
                } else if (dice < 87) {
                    append(random.nextInt(shared.lists().size()));
                } else {
                    changeFolder();
                }
                TimeUnit.MILLISECONDS.sleep(random.nextInt(12));
            }
        } catch (Over over) {
            // An operation that had not succeeded when the run ended stays without acknowledgement.
            return;
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        } finally {
            gateways.forEach(Gateway::close);
        }
    }

    /** The run is over in the midst of an operation. */
    private static final class Over extends RuntimeException {
        private static final long serialVersionUID = 1L;
    }

    /** Tries until there is an answer; whether any attempt may take effect later is told. */
    private RawConnection.Response until(
            String method,
            String path,
            Map<String, String> query,
            Map<String, String> headers,
            byte[] body,
            Runnable open) {
        while (true) {
            Gateway gateway = gateways.get(at);
            Gateway.Outcome outcome = gateway.send(method, path, query, headers, body);
            if (outcome instanceof Gateway.Outcome.Answered answered) {
                return answered.response();
            }
            String reason = outcome.toString();
            if (outcome instanceof Gateway.Outcome.Open) {
                open.run();
            }
            if (gateways.size() == 1) {
                shared.tally().error(gateway.node(), method, path + ": " + reason);
            }
            at = (at + 1) % gateways.size();
            if (shared.isOver().getAsBoolean()) {
                throw new Over();
            }
            pause();
        }
    }

    private void pause() {
        try {
            TimeUnit.MILLISECONDS.sleep(gateways.size() == 1 ? 100 : 20);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new Over();
        }
    }

    private String path(String key) {
        return "/" + shared.bucket() + "/" + SignedHttp.encodePath(key);
    }

    private void unexpected(String what, RawConnection.Response response) {
        shared.violations()
                .add(
                        Violations.Kind.WRONG,
                        what + " by " + who() + " was answered with " + response.status() + " " + response.text());
    }

    /** True when there was no space for a PUT, of which nothing comes then. */
    private boolean isFull(RawConnection.Response response) {
        if (response.status() == Gateway.FULL) {
            shared.tally().full();
        }
        return response.status() == Gateway.FULL;
    }

    private String who() {
        return name + " at node " + gateways.get(at).node();
    }

    private void write(int which) {
        Register register = own[which];
        boolean isDelete = random.nextInt(10) == 0;
        int sequence = register.begin(isDelete);
        Runnable open = () -> register.unresolved(sequence);
        long began = System.nanoTime();
        RawConnection.Response response;
        if (isDelete) {
            response = until("DELETE", path(register.key()), Map.of(), Map.of(), new byte[0], open);
        } else {
            int size = random.nextInt(LARGE_EVERY) == 0 ? LARGE : SIZES[random.nextInt(SIZES.length)];
            byte[] body = register.body(sequence, size);
            response = until("PUT", path(register.key()), Map.of(), Map.of(), body, open);
        }
        if (!isDelete && isFull(response)) {
            register.unresolved(sequence);
            own[which] = fresh();
            return;
        }
        if (response.status() != (isDelete ? 204 : 200)) {
            unexpected((isDelete ? "DELETE " : "PUT ") + register.key(), response);
            return;
        }
        register.acknowledged(sequence);
        shared.tally().put(tallied(), began);
        if (register.isUnresolved()) {
            // An attempt may take effect after the next write: a key of which that is so proves little.
            read(register);
            own[which] = fresh();
        }
    }

    /** Reads a key, and says what was there. */
    void read(Register register) {
        long began = System.nanoTime();
        RawConnection.Response response = until("GET", path(register.key()), Map.of(), Map.of(), new byte[0], () -> {});
        if (response.status() == 200) {
            register.read(Optional.of(response.body()), began, who());
        } else if (response.status() == 404) {
            register.read(Optional.empty(), began, who());
        } else {
            unexpected("GET " + register.key(), response);
        }
        shared.tally().operation();
    }

    private static List<String> words(RawConnection.Response response) {
        return SharedList.words(response.status() == 404 ? Optional.empty() : Optional.of(response.body()));
    }

    /** Reads a list, and says what was there. */
    RawConnection.Response read(SharedList list) {
        long began = System.nanoTime();
        RawConnection.Response now = until("GET", path(list.key()), Map.of(), Map.of(), new byte[0], () -> {});
        if (now.status() == 200 || now.status() == 404) {
            list.read(words(now), began, who());
        } else {
            unexpected("GET " + list.key(), now);
        }
        shared.tally().operation();
        return now;
    }

    private void append(int which) {
        SharedList list = shared.lists().get(which);
        RawConnection.Response now = read(list);
        if (now.status() != 200 && now.status() != 404) {
            return;
        }
        List<String> words = words(now);
        if (words.size() >= MAX_LIST) {
            SharedList next = new SharedList(list.key() + "+", shared.violations());
            synchronized (shared.lists()) {
                if (shared.lists().get(which) == list) {
                    shared.lists().set(which, next);
                }
            }
            return;
        }
        String word = name + "-" + ThreadLocalRandom.current().nextInt(1_000_000_000);
        Map<String, String> condition = now.status() == 404
                ? Map.of("If-None-Match", "*")
                : Map.of("If-Match", now.headers().get("etag"));
        long putBegan = System.nanoTime();
        // An attempt that takes effect later finds another ETag: it is the condition that makes trying again safe.
        RawConnection.Response answer =
                until("PUT", path(list.key()), Map.of(), condition, SharedList.appended(words, word), () -> {});
        if (answer.status() == 200) {
            list.acknowledged(word);
            shared.tally().put(tallied(), putBegan);
        } else if (!isFull(answer) && answer.status() != 412 && answer.status() != 409) {
            unexpected("PUT " + list.key() + " with " + condition, answer);
        }
    }

    private void changeFolder() {
        if (inFolder.size() < 20 || random.nextBoolean()) {
            String key = folder.prefix() + made++;
            boolean[] isOpen = {false};
            folder.putBegins(key);
            long began = System.nanoTime();
            RawConnection.Response response = until("PUT", path(key), Map.of(), Map.of(), new byte[] {1}, () -> {
                isOpen[0] = true;
                folder.unresolved(key);
            });
            if (isFull(response)) {
                folder.unresolved(key);
                return;
            }
            if (response.status() != 200) {
                unexpected("PUT " + key, response);
                return;
            }
            folder.put(key);
            shared.tally().put(tallied(), began);
            if (!isOpen[0]) {
                inFolder.add(key);
            }
        } else {
            String key = inFolder.remove(random.nextInt(inFolder.size()));
            folder.deleteBegins(key);
            RawConnection.Response response =
                    until("DELETE", path(key), Map.of(), Map.of(), new byte[0], () -> folder.unresolved(key));
            if (response.status() != 204) {
                unexpected("DELETE " + key, response);
                return;
            }
            folder.deleted(key);
        }
        list(
                random.nextInt(3) == 0
                        ? shared.folders().get(random.nextInt(shared.folders().size()))
                        : folder);
    }

    /** Lists a folder, and says what was there. */
    void list(Folder listed) {
        long began = System.nanoTime();
        Set<String> keys = new HashSet<>();
        Map<String, String> query = new TreeMap<>(Map.of("list-type", "2", "prefix", listed.prefix()));
        while (true) {
            RawConnection.Response page = until("GET", "/" + shared.bucket(), query, Map.of(), new byte[0], () -> {});
            if (page.status() != 200) {
                unexpected("LIST " + listed.prefix(), page);
                return;
            }
            Matcher key = KEY.matcher(page.text());
            String last = "";
            while (key.find()) {
                last = key.group(1);
                keys.add(last);
            }
            if (!page.text().contains("<IsTruncated>true")) {
                break;
            }
            query.put("start-after", last);
        }
        listed.listed(keys, began, who());
        shared.tally().operation();
    }
}
