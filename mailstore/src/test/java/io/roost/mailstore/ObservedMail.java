package io.roost.mailstore;

import io.roost.mailstore.net.MailObserver;
import java.util.ArrayList;
import java.util.List;

/** Notes what servers do, without the times. */
final class ObservedMail implements MailObserver {
    private final List<String> told = new ArrayList<>();

    synchronized List<String> told() {
        return List.copyOf(told);
    }

    private synchronized void note(String what) {
        told.add(what);
    }

    @Override
    public void onConnected(Spoken spoken) {
        note(spoken + " connected");
    }

    @Override
    public void onGone(Spoken spoken) {
        note(spoken + " gone");
    }

    @Override
    public void onCommand(String command, String outcome, long micros) {
        note(command + " " + outcome);
    }

    @Override
    public void onLogin(String method, String outcome) {
        note("login by " + method + " " + outcome);
    }

    @Override
    public void onDelivery(String reply, long bytes, long micros) {
        note("delivery of " + bytes + " " + reply);
    }
}
