package io.roost.objectstore;

/** The rules for names of general purpose buckets, after "Bucket naming rules" in the Amazon S3 user guide. */
public final class BucketName {
    private static final int MIN_LENGTH = 3;
    private static final int MAX_LENGTH = 63;
    private static final String[] RESERVED_PREFIXES = {"xn--", "sthree-", "amzn-s3-demo-"};
    private static final String[] RESERVED_SUFFIXES = {"-s3alias", "--ol-s3", ".mrap", "--x-s3", "--table-s3"};

    private BucketName() {}

    /** True when a bucket of that name may be created. */
    public static boolean isAllowed(String name) {
        return isPossible(name) && !isAddress(name) && !isReserved(name);
    }

    /** True when the name has the length and the characters of a bucket's name; any other names no bucket at all. */
    public static boolean isPossible(String name) {
        int length = name.length();
        if (length < MIN_LENGTH || length > MAX_LENGTH) {
            return false;
        }
        for (int i = 0; i < length; i++) {
            char c = name.charAt(i);
            boolean alphanumeric = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
            boolean inner = i > 0 && i < length - 1;
            boolean separator = c == '-' || (c == '.' && name.charAt(Math.max(i - 1, 0)) != '.');
            if (!alphanumeric && !(inner && separator)) {
                return false;
            }
        }
        return true;
    }

    private static boolean isAddress(String name) {
        int dots = 0;
        int digits = 0;
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            if (c == '.') {
                dots++;
            } else if (c >= '0' && c <= '9') {
                digits++;
            }
        }
        return dots == 3 && dots + digits == name.length();
    }

    private static boolean isReserved(String name) {
        for (String prefix : RESERVED_PREFIXES) {
            if (name.startsWith(prefix)) {
                return true;
            }
        }
        for (String suffix : RESERVED_SUFFIXES) {
            if (name.endsWith(suffix)) {
                return true;
            }
        }
        return false;
    }
}
