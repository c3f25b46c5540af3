package capture

// FindPost gives the post, comment or reply of this id from a thread of posts, however deep it stands, or nil. An empty id names nothing.
// What it gives points into posts.
func FindPost(posts []Post, id string) *Post {
	if id == "" {
		return nil
	}
	for i := range posts {
		if posts[i].ID == id {
			return &posts[i]
		}
		if found := FindPost(posts[i].Comments, id); found != nil {
			return found
		}
	}
	return nil
}
