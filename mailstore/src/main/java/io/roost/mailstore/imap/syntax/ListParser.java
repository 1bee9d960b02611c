package io.roost.mailstore.imap.syntax;

import io.roost.mailstore.imap.syntax.Command.ListForm;
import io.roost.mailstore.imap.syntax.Command.ListReturn;
import io.roost.mailstore.imap.syntax.Command.ListSelection;
import java.util.ArrayList;
import java.util.List;

/** The arguments of LIST and STATUS (RFC 9051 6.3.9 and 6.3.11, RFC 5258, RFC 5819, RFC 6154). */
final class ListParser {
    private final CommandText in;
    private ListForm form = ListForm.BASIC;

    ListParser(CommandText in) {
        this.in = in;
    }

    Command list() {
        List<ListSelection> selection = in.takeSpaceAndList() ? selection() : List.of();
        in.space();
        String reference = in.reference();
        List<String> patterns = patterns();
        List<ListReturn> returns = new ArrayList<>();
        List<StatusItem> status = new ArrayList<>();
        if (in.takeSpaceAndWord("RETURN")) {
            form = ListForm.EXTENDED;
            returns(returns, status);
        }
        return new Command.ListMailboxes(form, selection, reference, patterns, returns, status);
    }

    Command status() {
        in.space();
        String mailbox = in.mailbox();
        in.space();
        return new Command.Status(mailbox, statusItems());
    }

    private List<ListSelection> selection() {
        form = ListForm.EXTENDED;
        List<ListSelection> selection = new ArrayList<>();
        boolean isFirst = true;
        while (!in.take(')')) {
            if (!isFirst) {
                in.space();
            }
            isFirst = false;
            String word = in.word();
            ListSelection option = switch (word) {
                case "SUBSCRIBED" -> ListSelection.SUBSCRIBED;
                case "REMOTE" -> ListSelection.REMOTE;
                case "RECURSIVEMATCH" -> ListSelection.RECURSIVEMATCH;
                case "SPECIAL-USE" -> ListSelection.SPECIAL_USE;
                default -> throw new SyntaxException("Unknown LIST selection option " + word);
            };
            if (!selection.contains(option)) {
                selection.add(option);
            }
        }
        boolean hasOther =
                selection.contains(ListSelection.SUBSCRIBED) || selection.contains(ListSelection.SPECIAL_USE);
        if (selection.contains(ListSelection.RECURSIVEMATCH) && !hasOther) {
            throw new SyntaxException("RECURSIVEMATCH needs another selection option");
        }
        return selection;
    }

    private List<String> patterns() {
        List<String> patterns = new ArrayList<>();
        if (!in.takeSpaceAndList()) {
            in.space();
            patterns.add(in.listMailbox());
            return patterns;
        }
        form = ListForm.EXTENDED;
        do {
            patterns.add(in.listMailbox());
        } while (in.take(' '));
        in.expect(')');
        return patterns;
    }

    private void returns(List<ListReturn> returns, List<StatusItem> status) {
        in.space();
        in.expect('(');
        boolean isFirst = true;
        while (!in.take(')')) {
            if (!isFirst) {
                in.space();
            }
            isFirst = false;
            String word = in.word();
            switch (word) {
                case "SUBSCRIBED" -> returns.add(ListReturn.SUBSCRIBED);
                case "CHILDREN" -> returns.add(ListReturn.CHILDREN);
                case "SPECIAL-USE" -> returns.add(ListReturn.SPECIAL_USE);
                case "STATUS" -> {
                    in.space();
                    status.addAll(statusItems());
                }
                default -> throw new SyntaxException("Unknown LIST return option " + word);
            }
        }
    }

    private List<StatusItem> statusItems() {
        in.expect('(');
        List<StatusItem> items = new ArrayList<>();
        do {
            items.add(statusItem(in.word()));
        } while (in.take(' '));
        in.expect(')');
        return items;
    }

    private static StatusItem statusItem(String word) {
        for (StatusItem item : StatusItem.values()) {
            if (item.name().equals(word)) {
                return item;
            }
        }
        throw new SyntaxException("Unknown STATUS item " + word);
    }
}
