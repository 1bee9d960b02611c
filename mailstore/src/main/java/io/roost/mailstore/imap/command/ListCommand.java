package io.roost.mailstore.imap.command;

import io.roost.mailstore.classes.FolderClass;
import io.roost.mailstore.imap.syntax.Command;
import io.roost.mailstore.imap.syntax.Command.ListForm;
import io.roost.mailstore.imap.syntax.Command.ListReturn;
import io.roost.mailstore.imap.syntax.Command.ListSelection;
import io.roost.mailstore.imap.syntax.Response;
import io.roost.mailstore.imap.syntax.Response.ListKind;
import io.roost.mailstore.mailbox.FolderTree;
import io.roost.mailstore.mailbox.FolderTree.Kind;
import io.roost.mailstore.mailbox.FolderTree.Node;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;

/** LIST and LSUB (RFC 9051 6.3.9, RFC 3501 6.3.9, RFC 5258, RFC 5819, RFC 6154): all of it from one call. */
final class ListCommand {
    private final UserSession user;

    ListCommand(UserSession user) {
        this.user = user;
    }

    Future<Done> list(Command.ListMailboxes command) {
        boolean isRoot =
                command.form() == ListForm.BASIC && command.patterns().get(0).isEmpty();
        if (isRoot) {
            // RFC 9051 6.3.9: the delimiter and the root of the reference.
            user.told()
                    .tell(new Response.ListEntry(
                            ListKind.LIST, List.of("\\Noselect"), FolderTree.DELIMITER, "", List.of(), null));
            return Future.succeededFuture(Done.ok("LIST completed"));
        }
        return user.store().folders().map(all -> {
            Listing listing = new Listing(all, command);
            listing.paths().forEach(path -> listing.tell(path, user.told()));
            return Done.ok("LIST completed");
        });
    }

    Future<Done> lsub(Command.Lsub command) {
        return user.store().folders().map(all -> {
            NamePattern pattern = new NamePattern(command.reference() + command.pattern());
            TreeSet<String> told = new TreeSet<>();
            for (String path : all.tree().subscriptions()) {
                if (pattern.matches(path)) {
                    told.add(path);
                    tellLsub(all.tree(), path, List.of());
                }
            }
            // RFC 3501 6.3.9: with % a parent of a subscribed name is told as one that cannot be selected.
            for (String path : all.tree().subscriptions()) {
                for (String above : Listing.above(path)) {
                    if (command.pattern().contains("%") && pattern.matches(above) && told.add(above)) {
                        tellLsub(all.tree(), above, List.of("\\Noselect"));
                    }
                }
            }
            return Done.ok("LSUB completed");
        });
    }

    private void tellLsub(FolderTree tree, String path, List<String> attributes) {
        Node node = tree.find(path);
        boolean isFolder = node != null && node.kind() == Kind.FOLDER;
        List<String> all = new ArrayList<>(attributes);
        if (!isFolder && attributes.isEmpty() && node != null) {
            all.add("\\Noselect");
        }
        user.told().tell(new Response.ListEntry(ListKind.LSUB, all, FolderTree.DELIMITER, path, List.of(), null));
    }

    /** One LIST over the folders of an account. */
    private record Listing(FolderClass.ListReply all, Command.ListMailboxes command) {
        private boolean selects(ListSelection selection) {
            return command.selection().contains(selection);
        }

        private boolean tells(ListReturn option) {
            return command.returns().contains(option);
        }

        /** Paths to be told, in order. */
        TreeSet<String> paths() {
            List<NamePattern> patterns = command.patterns().stream()
                    .map(pattern -> new NamePattern(command.reference() + pattern))
                    .toList();
            TreeSet<String> candidates = new TreeSet<>();
            all.tree().nodes().forEach(node -> candidates.add(all.tree().path(node)));
            if (selects(ListSelection.SUBSCRIBED)) {
                candidates.addAll(all.tree().subscriptions());
            }
            if (selects(ListSelection.RECURSIVEMATCH)) {
                List.copyOf(candidates).forEach(path -> candidates.addAll(above(path)));
            }
            TreeSet<String> paths = new TreeSet<>();
            for (String path : candidates) {
                boolean isMatch = patterns.stream().anyMatch(pattern -> pattern.matches(path));
                boolean isParent = selects(ListSelection.RECURSIVEMATCH) && hasSelectedChild(path, candidates);
                if (isMatch && (isSelected(path) || isParent)) {
                    paths.add(path);
                }
            }
            return paths;
        }

        /** The names above a name, which need not exist. */
        private static List<String> above(String path) {
            List<String> names = new ArrayList<>();
            for (int at = path.indexOf('/'); at > 0; at = path.indexOf('/', at + 1)) {
                names.add(path.substring(0, at));
            }
            return names;
        }

        private boolean isSelected(String path) {
            Node node = all.tree().find(path);
            boolean isSubscribed = all.tree().subscriptions().contains(path);
            boolean isSpecial = node != null && !node.specialUse().isEmpty();
            return (!selects(ListSelection.SUBSCRIBED) || isSubscribed)
                    && (!selects(ListSelection.SPECIAL_USE) || isSpecial);
        }

        private boolean hasSelectedChild(String path, TreeSet<String> candidates) {
            String below = path + FolderTree.DELIMITER;
            for (String other : candidates.tailSet(below)) {
                if (!other.startsWith(below)) {
                    return false;
                }
                if (isSelected(other)) {
                    return true;
                }
            }
            return false;
        }

        void tell(String path, Told told) {
            Node node = all.tree().find(path);
            List<String> attributes = new ArrayList<>();
            if (node == null) {
                attributes.add("\\NonExistent");
            } else if (node.kind() == Kind.NAME_ONLY) {
                attributes.add("\\Noselect");
            }
            if (node != null) {
                attributes.add(all.tree().hasChildren(node) ? "\\HasChildren" : "\\HasNoChildren");
            }
            boolean isSubscribed = all.tree().subscriptions().contains(path);
            if (isSubscribed && (selects(ListSelection.SUBSCRIBED) || tells(ListReturn.SUBSCRIBED))) {
                attributes.add("\\Subscribed");
            }
            if (node != null && !node.specialUse().isEmpty()) {
                attributes.add(node.specialUse());
            }
            boolean isChildInfo = selects(ListSelection.RECURSIVEMATCH)
                    && selects(ListSelection.SUBSCRIBED)
                    && all.tree().subscriptions().stream()
                            .anyMatch(name -> name.startsWith(path + FolderTree.DELIMITER));
            told.tell(new Response.ListEntry(
                    ListKind.LIST,
                    attributes,
                    FolderTree.DELIMITER,
                    path,
                    isChildInfo ? List.of("SUBSCRIBED") : List.of(),
                    null));
            Response.MailboxStatus status =
                    command.status().isEmpty() ? null : FolderCommands.status(all, path, command.status());
            if (status != null) {
                told.tell(status);
            }
        }
    }
}
