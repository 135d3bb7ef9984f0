"""Files 附件: uploads that live under the same scope as what they belong to.

`examine` judges the content, never the name or the browser's claim, and makes a clean image of every image
(no EXIF, upright, at most 2400 px); `store` keeps bytes once per content; `services.keep` is the one way in,
`views` the one way out. A place found in a photo comes back as a proposal and is not stored.
A room lets its readers in by `selectors.admit`, and adds an `Arm` on `files_file` for units it hands matters to.
Backups must hold the media folder beside the database: rows name contents by digest.
"""
