package io.eventsourcing.samples.orders.web;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The version of an order as an entity tag: version 3 is {@code "3"}. */
final class VersionTag {

    private static final Pattern TAG = Pattern.compile("\"(\\d{1,18})\"");

    private VersionTag() {}

    static String of(long version) {
        return "\"" + version + "\"";
    }

    /** The version that {@code If-Match} demands; null if it demands none. */
    static @Nullable Long parse(@Nullable String ifMatch) {
        if (ifMatch == null || ifMatch.strip().equals("*")) {
            return null;
        }
        Matcher tag = TAG.matcher(ifMatch.strip());
        if (!tag.matches()) {
            throw new InvalidRequestException(
                    "if-match-invalid", "If-Match is " + ifMatch + ". Send the ETag of one answer, such as \"3\".");
        }
        return Long.valueOf(tag.group(1));
    }
}
