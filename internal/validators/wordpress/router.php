<?php
// Hands every address that is no file to WordPress, as its rules for a web server do.
$path = rawurldecode(parse_url($_SERVER['REQUEST_URI'], PHP_URL_PATH));
$home = getenv('ARSRING_WORDPRESS');
if (strncmp($path, '/wp-content/uploads/', 20) === 0 && is_file($home . $path) && strpos($path, '..') === false) {
    header('Content-Type: ' . mime_content_type($home . $path));
    readfile($home . $path);
    return true;
}
if ($path !== '/' && is_file($_SERVER['DOCUMENT_ROOT'] . $path)) {
    return false;
}
$_SERVER['SCRIPT_NAME'] = '/index.php';
require $_SERVER['DOCUMENT_ROOT'] . '/index.php';
