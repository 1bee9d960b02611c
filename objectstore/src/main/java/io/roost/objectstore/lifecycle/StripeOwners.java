package io.roost.objectstore.lifecycle;

import io.roost.cluster.client.IoContext;
import io.roost.cluster.client.WorkCursor;
import io.roost.cluster.client.WorkPage;
import io.roost.cluster.object.Bytes;
import io.roost.cluster.object.MalformedBytesException;
import io.roost.objectstore.classes.AuditClass;
import io.roost.objectstore.classes.StripeClass;
import io.roost.objectstore.layout.EntryNames;
import io.roost.objectstore.layout.Stripe;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** Finds stripes that nobody will ever delete: the shard that a stripe names has neither object, intent nor garbage of it. */
final class StripeOwners {
    private static final int PAGE_ENTRIES = 1000;

    private final IoContext data;
    private final Consumer<Finding> findings;

    StripeOwners(IoContext data, Consumer<Finding> findings) {
        this.data = data;
        this.findings = findings;
    }

    /** Looks at all entries of the pool. */
    Future<Void> run() {
        List<Integer> pgs = new ArrayList<>();
        for (int pg = 0; pg < data.pgNum(); pg++) {
            pgs.add(pg);
        }
        return Steps.each(
                pgs,
                pg -> placementGroup(pg)
                        .recover(failure -> Finding.unreadable(failure, Bytes.EMPTY)
                                .onSuccess(findings::accept)
                                .mapEmpty()));
    }

    private Future<Void> placementGroup(int pg) {
        WorkCursor[] at = {WorkCursor.START};
        return Steps.repeat(() -> data.catalogue(pg, at[0], PAGE_ENTRIES).compose(page -> {
            at[0] = page.next();
            return Steps.each(page.entries(), this::entry).map(done -> page.next() != null);
        }));
    }

    private Future<Void> entry(WorkPage.Item item) {
        if (!item.name().equals(EntryNames.STRIPE)) {
            return Future.succeededFuture();
        }
        Stripe stripe;
        try {
            stripe = Stripe.decode(item.entry().attributes());
        } catch (MalformedBytesException | IllegalArgumentException e) {
            findings.accept(new Finding(Finding.Kind.MALFORMED_ROW, item.locatorKey(), "stripe: " + e.getMessage()));
            return Future.succeededFuture();
        }
        AuditClass.OwnerParameters[] question = {AuditClass.OwnerParameters.of(stripe.owner())};
        boolean[] isKnown = {false};
        return Steps.repeat(() -> data.call(stripe.owner().headLocator(), question[0].call())
                        .map(reply -> {
                            isKnown[0] = reply.isOk();
                            question[0] = question[0].next(reply.output());
                            return !reply.isOk() && !reply.output().isEmpty();
                        }))
                .compose(asked -> isKnown[0] ? Future.succeededFuture() : unknown(item.locatorKey(), stripe));
    }

    /** It may have been deleted, and its garbage row after it, since it was scanned. */
    private Future<Void> unknown(Bytes locatorKey, Stripe stripe) {
        return data.call(locatorKey, StripeClass.stat()).map(reply -> {
            if (reply.isOk()) {
                Stripe.Owner owner = stripe.owner();
                findings.accept(new Finding(
                        Finding.Kind.ORPHAN,
                        locatorKey,
                        owner.key(),
                        "stripe " + stripe.number() + " of set " + owner.setId().hex() + " of " + owner.key()));
            }
            return null;
        });
    }
}
