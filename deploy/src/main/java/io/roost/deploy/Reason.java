package io.roost.deploy;

import java.net.UnknownHostException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.util.regex.Pattern;

/** What the system says of a failure, for a person: without names of Java's exceptions and of system calls. */
final class Reason {
    /** Netty's way to tell of a failed call: {@code bind(..) failed with error(-98): Address already in use}. */
    private static final Pattern CALL = Pattern.compile("^\\w+\\(\\.\\.\\) failed with error\\(-?\\d+\\): ");

    private Reason() {}

    /** The words. */
    static String of(Throwable failure) {
        if (failure instanceof NoSuchFileException) {
            return "no such file or folder";
        }
        if (failure instanceof AccessDeniedException denied) {
            return "no permission for " + denied.getFile();
        }
        if (failure instanceof FileAlreadyExistsException existing) {
            return existing.getFile() + " is no folder";
        }
        if (failure instanceof FileSystemException refused && refused.getReason() != null) {
            return refused.getFile() + ": " + refused.getReason();
        }
        if (failure instanceof UnknownHostException) {
            return "no host has that name";
        }
        String message = failure.getMessage();
        return message == null
                ? failure.getClass().getSimpleName()
                : CALL.matcher(message).replaceFirst("");
    }
}
