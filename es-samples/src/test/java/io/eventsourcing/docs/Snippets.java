package io.eventsourcing.docs;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Finds where the Java blocks of a Markdown page differ from the code they were taken from. A block follows a mark such as
 * {@code <!-- snippet: path/File.java#name -->}, and equals what stands between {@code // tag::name} and
 * {@code // end::name} in that file, without the common indentation.
 */
final class Snippets {

    private static final Pattern JAVA_BLOCK = Pattern.compile(
            "(?:<!-- snippet: (\\S+)#(\\S+) -->\\n)?```java\\n(.*?)^```$", Pattern.DOTALL | Pattern.MULTILINE);
    private static final Pattern JAVA_FENCE = Pattern.compile("(?im)^[ \\t>]*(```|~~~)+ *java\\b");

    private static final Pattern TAG_LINE = Pattern.compile("(?m)^ *// (?:tag|end)::\\S+\\n");

    private Snippets() {}

    /** One problem for each block that is not a snippet, or not the snippet that its mark names. */
    static List<String> problems(String markdown, Function<String, String> fileByPath) {
        List<String> problems = new ArrayList<>();
        if (JAVA_FENCE.matcher(markdown).results().count()
                > JAVA_BLOCK.matcher(markdown).results().count()) {
            problems.add(
                    "A Java block is indented, quoted or fenced otherwise. Start and end it with ``` on a line of its own.");
        }
        Matcher block = JAVA_BLOCK.matcher(markdown);
        while (block.find()) {
            String path = block.group(1);
            String code = block.group(3);
            if (path == null) {
                problems.add("A Java block has no mark <!-- snippet: path#name --> on the line before it:\n" + code);
            } else if (!code.equals(region(fileByPath.apply(path), block.group(2)))) {
                problems.add("The block marked " + path + "#" + block.group(2) + " is not that region:\n" + code);
            }
        }
        return problems;
    }

    /** The region without its tags and its indentation; empty if there is none of that name. */
    static String region(String source, String name) {
        Matcher region = Pattern.compile(
                        "^ *// tag::" + Pattern.quote(name) + "\\n(.*?)^ *// end::" + Pattern.quote(name) + "$",
                        Pattern.DOTALL | Pattern.MULTILINE)
                .matcher(source);
        if (!region.find()) {
            return "";
        }
        String code = TAG_LINE.matcher(region.group(1)).replaceAll("");
        return code.stripTrailing().stripIndent() + "\n";
    }
}
