<?php
// Installs WordPress and fills it by its own functions, then prints what it holds as its own functions tell it.
// Use: php fill.php TREE POSTS THEME NOW
[, $tree, $posts, $look, $now] = $argv;
$_SERVER['HTTP_HOST'] = parse_url(getenv('ARSRING_WORDPRESS_URL'), PHP_URL_HOST) . ':' . parse_url(getenv('ARSRING_WORDPRESS_URL'), PHP_URL_PORT);
define('WP_INSTALLING', true);
require $tree . '/wp-load.php';
require_once ABSPATH . 'wp-admin/includes/upgrade.php';
require_once ABSPATH . 'wp-admin/includes/image.php';
remove_all_filters('comment_flood_filter');

function must($made, $what)
{
    if (!$made || is_wp_error($made)) {
        fwrite(STDERR, $what . ': ' . (is_wp_error($made) ? $made->get_error_message() : 'nothing came of it') . "\n");
        exit(1);
    }
    return $made;
}

wp_install('Provkommun', 'redaktion', 'redaktion@example.org', true, '', 'test', 'sv_SE');
foreach (get_posts(['numberposts' => -1, 'post_type' => ['post', 'page'], 'post_status' => 'any']) as $old) {
    wp_delete_post($old->ID, true);
}
update_option('timezone_string', 'Europe/Stockholm');
update_option('permalink_structure', '/%year%/%monthnum%/%postname%/');
update_option('thread_comments', 1);
update_option('thread_comments_depth', 5);
update_option('show_avatars', 0); // they come from a host of its maker's
switch_theme($look);
$GLOBALS['wp_rewrite']->init();
flush_rewrite_rules(false);
$user = get_user_by('login', 'redaktion');
wp_update_user(['ID' => $user->ID, 'display_name' => 'Provkommun']);
wp_set_current_user($user->ID);

$subjects = ['Badplatserna', 'Biblioteket', 'Vägarbetet på Storgatan', 'Skollunchen', 'Återvinningen', 'Simhallen', 'Kulturskolan', 'Översiktsplanen', 'Snöröjningen', 'Äldreboendet Åsen'];
$tells = ['Nu öppnar vi igen efter sommaren.', 'Arbetet börjar klockan sju och pågår hela veckan.', 'Tack till alla som lämnade synpunkter!', 'Mötet är öppet för alla, och vi bjuder på kaffe ☕.', 'Är du osäker? Ring kontaktcenter.', 'Tänk på att det kan vara halt.'];
$names = ['Anna Exempel', 'Bo Prov', 'Cecilia Test', 'Dag Påhitt', 'Eva Låtsas', 'Ali Fiktiv', 'Åsa Öhman-Exempel'];
$asks = ['När börjar det?', 'Vad bra, tack!', 'Det här har vi väntat på länge.', 'Gäller det även helgen?', 'Jag hittar inte dit 🤔', 'Kan man ta bussen?'];

// picture is a PNG of one colour, by its parts: it needs no library for drawing.
function picture($red, $green, $blue)
{
    $part = fn ($kind, $data) => pack('N', strlen($data)) . $kind . $data . pack('N', crc32($kind . $data));
    $line = "\0" . str_repeat(chr($red) . chr($green) . chr($blue), 320);
    return "\x89PNG\r\n\x1a\n" . $part('IHDR', pack('NNCCCCC', 320, 200, 8, 2, 0, 0, 0)) . $part('IDAT', gzcompress(str_repeat($line, 200))) . $part('IEND', '');
}

$end = (int) $now;
$step = intdiv(170 * 86400, max(1, (int) $posts));
for ($i = 0; $i < $posts; $i++) {
    $at = $end - 3600 - ($posts - 1 - $i) * $step - ($i * 137) % 3000;
    $text = '<!-- wp:paragraph --><p>' . $tells[$i % 6] . ' Märkning inlägg-' . ($i + 1) . ".</p><!-- /wp:paragraph -->\n";
    $text .= '<!-- wp:paragraph --><p>' . $tells[($i + 2) % 6] . '<br>' . $tells[($i + 3) % 6] . "</p><!-- /wp:paragraph -->\n";
    if ($i % 7 === 3) {
        $text .= '<!-- wp:more --><!--more--><!-- /wp:more --><!-- wp:paragraph --><p>Mer om saken: slutmärke-' . ($i + 1) . ".</p><!-- /wp:paragraph -->\n";
    }
    if ($i % 11 === 5) {
        $text .= '<!-- wp:list --><ul><li>Punkt ett</li><li>Punkt två</li></ul><!-- /wp:list -->';
    }
    $shown = null;
    if ($i % 9 === 2) {
        $kept = wp_upload_bits('bild-' . ($i + 1) . '.png', null, picture($i % 256, 120, 200));
        must(empty($kept['error']), 'a picture');
        $shown = 'Bild nummer ' . ($i + 1);
        $text .= '<!-- wp:image --><figure class="wp-block-image"><img src="' . $kept['url'] . '" alt="' . $shown . '" width="320" height="200"/></figure><!-- /wp:image -->';
    }
    $gmt = gmdate('Y-m-d H:i:s', $at);
    $id = must(wp_insert_post(['post_title' => $subjects[$i % 10] . ', del ' . ($i + 1), 'post_content' => wp_slash($text), 'post_status' => 'publish', 'post_author' => $user->ID,
        'post_date_gmt' => $gmt, 'post_date' => get_date_from_gmt($gmt)], true), 'a post');
    if ($shown !== null) {
        add_post_meta($id, 'arsring_picture', $shown);
    }
    $thread = [0];
    for ($k = 0; $k < [0, 3, 1, 0, 6, 2, 0, 12][$i % 8]; $k++) {
        $own = $k % 4 === 2;
        $c = gmdate('Y-m-d H:i:s', min($end - 60, $at + 600 * ($k + 1)));
        $thread[] = must(wp_insert_comment(['comment_post_ID' => $id, 'comment_author' => $own ? 'Provkommun' : $names[($i + $k) % 7], 'comment_author_email' => 'x@example.org',
            'comment_content' => $asks[($i + $k) % 6] . ' Märkning kommentar-' . ($i + 1) . '-' . ($k + 1), 'comment_parent' => $k % 3 === 0 ? 0 : $thread[$k], 'user_id' => $own ? $user->ID : 0,
            'comment_approved' => 1, 'comment_date_gmt' => $c, 'comment_date' => get_date_from_gmt($c)]), 'a comment');
    }
}
$out = [];
foreach (get_posts(['numberposts' => -1]) as $p) {
    $said = [];
    foreach (get_comments(['post_id' => $p->ID, 'status' => 'approve']) as $c) {
        $said[] = ['id' => (int) $c->comment_ID, 'parent' => (int) $c->comment_parent, 'author' => $c->comment_author, 'text' => $c->comment_content, 'at' => strtotime($c->comment_date_gmt . ' UTC'), 'url' => get_comment_link($c)];
    }
    $out[] = ['id' => $p->ID, 'title' => $p->post_title, 'url' => get_permalink($p), 'at' => strtotime($p->post_date_gmt . ' UTC'), 'author' => get_the_author_meta('display_name', $p->post_author),
        'marks' => preg_match_all('/(?:inlägg|slutmärke)-[0-9]+/u', $p->post_content, $found) ? $found[0] : [], 'picture' => (string) get_post_meta($p->ID, 'arsring_picture', true), 'comments' => $said];
}
echo json_encode($out, JSON_UNESCAPED_UNICODE | JSON_UNESCAPED_SLASHES | JSON_PRETTY_PRINT);
