<?php
// Settings of a WordPress site that lives in one folder, named by ARSRING_WORDPRESS, for as long as a test runs.
$arsring_home = getenv('ARSRING_WORDPRESS');
define('DB_NAME', 'wordpress');
define('DB_USER', 'wordpress');
define('DB_PASSWORD', '');
define('DB_HOST', 'localhost:' . $arsring_home . '/db.sock');
define('DB_CHARSET', 'utf8mb4');
define('DB_COLLATE', '');
define('WP_CONTENT_DIR', $arsring_home . '/wp-content');
define('WP_HOME', getenv('ARSRING_WORDPRESS_URL'));
define('WP_SITEURL', WP_HOME);
define('WP_HTTP_BLOCK_EXTERNAL', true); // it calls its maker's hosts
define('DISABLE_WP_CRON', true);
define('AUTOMATIC_UPDATER_DISABLED', true);
define('WP_DEBUG', false);
foreach (['AUTH_KEY', 'SECURE_AUTH_KEY', 'LOGGED_IN_KEY', 'NONCE_KEY', 'AUTH_SALT', 'SECURE_AUTH_SALT', 'LOGGED_IN_SALT', 'NONCE_SALT'] as $arsring_name) {
    define($arsring_name, 'test ' . $arsring_name);
}
$table_prefix = 'wp_';
require_once ABSPATH . 'wp-settings.php';
